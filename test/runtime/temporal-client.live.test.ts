import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isGrpcServiceError } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { LogFields } from '../../src/contracts/names.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createTemporalClient, withDeadline, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { startTemporal, type TemporalServer } from '../../src/runtime/temporal-server.ts';
import { connectWorker } from '../../src/runtime/temporal-worker-connection.ts';
import { silentLog } from '../support/silent-log.ts';
import { createNamespace } from '../support/temporal.ts';

const UNAVAILABLE = 14;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;

let dataDir: string;
let port: number;
let cli: string;
let server: TemporalServer | undefined;
const clients: TemporalClient[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hookline-outage-'));
  port = await freePort();
  cli = (await findTemporalCli({ env: process.env, progress: () => {} })).path;
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server?.close();
  server = undefined;
});

afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function up(): Promise<void> {
  server = await startTemporal({ cli, dataDir, port, headless: true, log: silentLog });
}

async function down(): Promise<void> {
  await server?.close();
  server = undefined;
}

function connectLazily(): TemporalClient {
  const client = createTemporalClient({ address: `127.0.0.1:${port}` });
  clients.push(client);
  return client;
}

const call = ({ connection }: TemporalClient): Promise<unknown> =>
  withDeadline(connection, 2_000, () => connection.workflowService.getSystemInfo({}));

async function timed(run: () => Promise<unknown>): Promise<{ readonly tookMs: number; readonly error: unknown }> {
  const startedAt = performance.now();
  const error = await run().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { tookMs: performance.now() - startedAt, error };
}

describe('createTemporalClient', () => {
  it('fails at once while the server is down, and works within a second after it is back', async () => {
    const client = connectLazily();
    const beforeBoot = await timed(() => call(client));
    expect(beforeBoot.error).toMatchObject({ code: UNAVAILABLE });
    expect(beforeBoot.tookMs).toBeLessThan(500);

    await up();
    await call(client);
    await down();
    for (let outage = 0; outage < 3; outage++) {
      const failed = await timed(() => call(client));
      expect(failed.error).toMatchObject({ code: UNAVAILABLE });
      expect(failed.tookMs).toBeLessThan(500);
    }

    await up();
    const back = performance.now();
    while ((await timed(() => call(client))).error !== undefined) expect(performance.now() - back).toBeLessThan(1_000);
    expect(performance.now() - back).toBeLessThan(1_000);
  });

  it('refuses an oversized start soon, without sending it again', async () => {
    const temporal = await createNamespace();
    clients.push(temporal);
    const { tookMs, error } = await timed(() =>
      temporal.client.workflow.start('some-chain', { workflowId: 'shop.large', taskQueue: 'none', args: ['x'.repeat(5 * 1024 * 1024)] }),
    );
    expect(error).toMatchObject({ cause: { code: RESOURCE_EXHAUSTED } });
    expect(String((error as Error).cause)).toContain('larger than max'); // just matched
    expect(tookMs).toBeLessThan(2_000);
  });

  it('ends a call at its deadline', async () => {
    const temporal = await createNamespace();
    clients.push(temporal);
    const handle = await temporal.client.workflow.start('some-chain', { workflowId: 'shop.waiting', taskQueue: 'none' });
    const { tookMs, error } = await timed(() => withDeadline(temporal.connection, 300, () => handle.result()));
    const status = error instanceof Error && isGrpcServiceError(error) ? error.code : (error as { cause?: { code?: number } }).cause?.code; // the client wraps some errors
    expect(status).toBe(DEADLINE_EXCEEDED);
    expect(tookMs).toBeLessThan(1_000);
  });
});

describe('connectWorker', () => {
  const lines: LogFields[] = [];
  const log = { ...silentLog, warn: (fields: LogFields) => void lines.push(fields) };
  const target = () => ({ address: `127.0.0.1:${port}` });

  it('waits for a server that starts later, and says once in ten seconds that it waits', async () => {
    lines.length = 0;
    const connecting = connectWorker({ target: target(), log, now: () => 0 });
    await up();
    const connection = await connecting;
    await connection.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ component: 'worker', address: `127.0.0.1:${port}`, code: 'temporal.unavailable', attempt: 1 });
  });

  it('ends with the reason of an abort', async () => {
    const abort = new AbortController();
    const connecting = connectWorker({ target: target(), log: silentLog, signal: abort.signal });
    abort.abort(new Error('shutting down'));
    await expect(connecting).rejects.toThrow('shutting down');
  });

  it('ends so while it waits between two tries', async () => {
    const abort = new AbortController();
    const aborting = { ...silentLog, warn: () => abort.abort(new Error('shutting down')) };
    await expect(connectWorker({ target: target(), log: aborting, signal: abort.signal })).rejects.toThrow('shutting down');
  });
});
