import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../src/contracts/names.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createParts } from '../../src/runtime/parts.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { registerNamespace } from '../../src/runtime/temporal-namespace.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { setStock } from '../../src/store/stock.ts';
import { SKU } from '../drill/make-events.ts';
import { createRandom } from '../../src/cli/drill/create-random.ts';
import { INITIAL_STOCK } from '../drill/start-stack.ts';
import { startVendors, type Vendors } from '../drill/vendors.ts';
import { createGate, type TortureGate } from './create-gate.ts';
import type { IoProxy, Role } from './io-call.ts';
import { startGrpcProxy } from './proxies/start-grpc-proxy.ts';
import { startHttpProxy } from './proxies/start-http-proxy.ts';
import { startPostgresProxy } from './proxies/start-postgres-proxy.ts';
import { startSmtpProxy } from './proxies/start-smtp-proxy.ts';
import { startProcesses, type RigProcesses } from './start-processes.ts';
import { createTortureSecrets, toTortureSettings } from './torture-settings.ts';

/** An ingress and a worker with a database, a namespace and vendors of their own, and a proxy on each of their ways. */
export interface Rig {
  readonly name: string;
  readonly gate: TortureGate;
  /** Past the proxies. */
  readonly pool: Pool;
  /** Past the proxies. */
  readonly temporal: TemporalClient;
  readonly vendors: Vendors;
  readonly processes: RigProcesses;
  /** Of the proxy before the ingress. */
  readonly port: number;
  readonly secret: string;
  /** Ends the connections that hang. */
  thaw(): void;
  close(): Promise<void>;
}

/** Options of `startRig`. */
export interface RigOptions {
  readonly name: string;
  readonly folder: string;
  /** The checkout whose sources are run. */
  readonly root: string;
  /** Of a server on which a database can be made. */
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** In which everything that the processes do without any event is seen: nothing of it is rarer than once a second. */
const IDLE_MS = 3_000;

/** Starts a rig, and resolves when its processes are ready; a start that fails leaves nothing running. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { name, root, postgresUrl, temporalAddress, log, signal } = options;
  const folder = join(options.folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts = createParts(() => {});
  try {
    const database = await createDatabase(postgresUrl, log);
    const namespace = `torture-${randomBytes(6).toString('hex')}`;
    const pool = await parts.add(0, Promise.resolve(createPool({ url: database, max: 4, applicationName: 'hookline-torture', log })));
    const temporal = await parts.add(0, Promise.resolve(createTemporalClient({ address: temporalAddress, namespace })));
    const [vendors] = await Promise.all([
      parts.add(0, startVendors({ folder, random: createRandom(1) })),
      registerNamespace({ connection: temporal.connection, namespace, retentionDays: 7 }),
      migrate({ pool, log }).then(() => setStock(pool, [{ sku: SKU, available: INITIAL_STOCK }])),
    ]);
    const secrets = createTortureSecrets();
    const gate = createGate({ kill: (role) => processes.kill(role === 'worker' ? 'worker' : 'ingress') });

    const proxies: IoProxy[] = [];
    const proxied = async (starting: Promise<IoProxy>): Promise<number> => {
      const proxy = await parts.add(1, starting);
      proxies.push(proxy);
      return proxy.port;
    };
    const http = (role: Role, call: string, url: string): Promise<number> =>
      proxied(startHttpProxy({ role, name: call, port: Number(new URL(url).port), connects: role === 'worker', gate }));
    const ingressPort = await freePort();
    const [mail, warehouse, crm, team] = await Promise.all([
      proxied(startSmtpProxy({ url: vendors.urls.mail, role: 'worker', gate })),
      http('worker', 'warehouse', vendors.urls.warehouse),
      http('worker', 'crm', vendors.urls.crm),
      http('worker', 'team', vendors.urls.team),
    ]);
    const plan = async (role: 'ingress' | 'worker') => {
      const adminPort = await freePort();
      const postgres = await proxied(startPostgresProxy({ url: database, role, gate }));
      const grpc = await proxied(startGrpcProxy({ address: temporalAddress, role, gate }));
      const settings = toTortureSettings({
        ingressPort,
        adminPort,
        temporalAddress: `127.0.0.1:${grpc}`,
        namespace,
        smtpUrl: at(vendors.urls.mail, mail),
        warehouseUrl: at(vendors.urls.warehouse, warehouse),
        crmUrl: at(vendors.urls.crm, crm),
      });
      return { adminPort, settings, env: { ...secrets, TEAM_URL: at(vendors.urls.team, team), DATABASE_URL: at(database, postgres) } };
    };
    const plans = { ingress: await plan('ingress'), worker: await plan('worker') };
    const processes = await parts.add(2, startProcesses({ folder, root, plans, signal }));
    await processes.ready();
    await sleep(IDLE_MS, undefined, { signal });
    return {
      name,
      gate,
      pool,
      temporal,
      vendors,
      processes,
      port: await http('sender', 'POST', `http://127.0.0.1:${ingressPort}`),
      secret: secrets.SHOP_SECRET,
      thaw: () => {
        for (const proxy of proxies) proxy.thaw();
      },
      close: parts.close,
    };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function createDatabase(server: string, log: Log): Promise<string> {
  const name = `torture_${randomBytes(6).toString('hex')}`;
  const pool = createPool({ url: server, max: 1, applicationName: 'hookline-torture', log });
  try {
    await pool.session((session) => session.run(`CREATE DATABASE ${name}`));
  } finally {
    await pool.close();
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** The same URL at another port of this machine. */
function at(url: string, port: number): string {
  const changed = new URL(url);
  changed.hostname = '127.0.0.1';
  changed.port = String(port);
  return changed.href;
}
