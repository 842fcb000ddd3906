import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createInbox } from '../../src/store/inbox.ts';
import { makeDelivery, type DeliveryWish } from '../store/make-delivery.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { startHookline, type HooklineProcess } from '../support/hookline-process.ts';
import { silentLog } from '../support/silent-log.ts';
import { linesOf, runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

/** By which way a command asks the API. */
export type Way = 'HTTP' | 'in this process';

/** A production installation as an operator finds it: a database, an admin process, and no stack. */
export interface OperatorPlace {
  readonly database: TestDatabase;
  readonly apiUrl: string;
  /** The admin process, which may be ended and started again at the same address. */
  startAdmin(): Promise<HooklineProcess>;
  call(way: Way, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
  /** The one document that a command prints. */
  json(way: Way, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
  /** A command that goes on. */
  start(way: Way, args: readonly string[]): RunningCli;
  /** Makes a token by a command in this process. */
  token(name: string, ...rights: readonly string[]): Promise<string>;
  /** Takes a delivery, and resolves to its event's UUID. */
  take(wish: DeliveryWish): Promise<string>;
  /** Has every run that is not closed fail. */
  failRuns(code: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes it; nothing runs yet. */
export async function createOperatorPlace(): Promise<OperatorPlace> {
  const [cwd, database, port] = await Promise.all([mkdtemp(join(tmpdir(), 'hookline-operator-')), createDatabase(), freePort()]);
  const config = join(cwd, 'hookline.yaml');
  const secret = randomBytes(16).toString('hex');
  const env = { DATABASE_URL: database.url, SHOP_SECRET: secret, WAREHOUSE_SECRET: `whsec_${randomBytes(32).toString('base64')}` };
  await writeFile(
    config,
    `
sources:
  shop: { provider: hookline, secrets: ['\${SHOP_SECRET}'] }
  erp: { provider: hookline, secrets: ['\${SHOP_SECRET}'] }
publicUrl: https://hooks.example.com
ingress: { port: 0 }
admin: { port: ${port} }
temporal: { address: '${inject('temporalAddress')}', uiUrl: 'http://ui.example' }
mail: { smtp: 'smtp://127.0.0.1:1', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: 'http://127.0.0.1:1/orders', secret: '\${WAREHOUSE_SECRET}' }
`,
  );
  const apiUrl = `http://127.0.0.1:${port}`;
  const toPlace = (way: Way, more: Readonly<Record<string, string>> = {}) => ({
    cwd,
    env: { ...(way === 'HTTP' ? { HOOKLINE_API: apiUrl } : env), ...more },
  });
  const processes: HooklineProcess[] = [];
  const inbox = createInbox({ pool: database.pool, log: silentLog });
  return {
    database,
    apiUrl,
    async startAdmin() {
      const admin = await startHookline('admin', { config, env });
      processes.push(admin);
      return admin;
    },
    call: (way, args, more) => runCli(args, toPlace(way, more)),
    json: async (way, ...args) => linesOf((await runCli([...args, '--json'], toPlace(way))).stdout)[0] ?? {},
    start: (way, args) => startCli(args, toPlace(way)),
    async token(name, ...rights) {
      const { stdout } = await runCli(['token', 'add', name, ...rights, '--json'], toPlace('in this process'));
      return String(linesOf(stdout)[0]?.['token']);
    },
    take: async (wish) => (await inbox.add(makeDelivery(wish)))[0]?.eventUuid ?? '',
    async failRuns(code) {
      const text = `UPDATE runs SET state = 'failed', code = $1, closed_at = now(), started_at = now() WHERE state NOT IN ('done', 'failed', 'stopped')`;
      await database.pool.query({ name: 'test.failRuns', text, values: [code] });
    },
    async close() {
      await Promise.all(processes.map((process) => process.kill()));
      await inbox.close();
      await database.close();
      await rm(cwd, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  return port;
}
