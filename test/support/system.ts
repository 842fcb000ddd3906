import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startMailCatcher, type MailCatcher } from '../../src/runtime/mail-catcher.ts';
import { startWarehouse, type Warehouse } from '../../src/runtime/warehouse-receiver.ts';
import { setStock } from '../../src/store/stock.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { startHookline, type HooklineProcess } from './hookline-process.ts';
import { silentLog } from './silent-log.ts';
import { createPosts, createPostSecrets, type Posts } from './signed-posts.ts';
import { createNamespace } from './temporal.ts';

/** Where a process of the system finds the others, each of which may be a proxy; and what it does with test traffic. */
export interface Ways {
  /** How many files it may have open. @default what this process may */
  readonly maxFiles?: number;
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly smtpUrl?: string;
  readonly warehouseUrl?: string;
  /** Whether test traffic of the source `shop` reaches the outside. @default 'dry' */
  readonly shopTest?: 'dry' | 'live';
}

/** The whole of Hookline on real servers, a process each, with a database and a namespace of its own. */
export interface System extends Posts {
  readonly database: TestDatabase;
  readonly namespace: string;
  readonly mail: MailCatcher;
  readonly warehouse: Warehouse;
  startIngress(ways?: Ways): Promise<HooklineProcess>;
  startWorker(ways?: Ways): Promise<HooklineProcess>;
  /** The merged state of an entity; undefined where there is none. */
  entity(type: string, id: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Every run's row, oldest first. */
  runs(): Promise<
    readonly {
      readonly event_id: string;
      readonly state: string;
      readonly attempt: number;
      readonly code: string | null;
      readonly run_id: string | null;
    }[]
  >;
  /** Rows of the ledger as `action state round`, sorted. */
  effects(eventId: string): Promise<readonly string[]>;
  stockOf(sku: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts the servers around the processes; the processes are started by the test. */
export async function startSystem({
  temporalAddress = inject('temporalAddress'),
  settings = '',
  cli,
}: {
  readonly temporalAddress?: string;
  readonly settings?: string;
  /** Of another checkout. */ readonly cli?: string;
} = {}): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-system-'));
  const secrets = createPostSecrets();
  const now = (): Date => new Date();
  const [database, temporal, mail, warehouse] = await Promise.all([
    createDatabase(),
    createNamespace(temporalAddress),
    startMailCatcher({ dir: join(folder, 'mails'), log: silentLog, now }),
    startWarehouse({ dir: folder, secret: secrets.WAREHOUSE_SECRET, log: silentLog, now }),
  ]);
  await setStock(database.pool, [
    { sku: 'MUG', available: 100_000 },
    { sku: 'NONE', available: 0 },
  ]);
  const processes: HooklineProcess[] = [];
  let configs = 0;

  const start = async (command: 'ingress' | 'worker', ways: Ways = {}): Promise<HooklineProcess> => {
    configs += 1;
    const config = join(folder, `hookline-${configs}.yaml`);
    await writeFile(config, toYaml({ ways, temporalAddress, namespace: temporal.namespace, mail, warehouse, settings }));
    const started = await startHookline(command, {
      config,
      env: { ...secrets, DATABASE_URL: ways.databaseUrl ?? database.url },
      cli,
      maxFiles: ways.maxFiles,
    });
    processes.push(started);
    return started;
  };
  return {
    database,
    namespace: temporal.namespace,
    mail,
    warehouse,
    startIngress: (ways) => start('ingress', ways),
    startWorker: (ways) => start('worker', ways),
    ...createPosts(secrets),
    entity: async (type, id) =>
      (
        await database.pool.query<{ fields: Readonly<Record<string, unknown>> }>({
          name: 'test.entityFields',
          text: 'SELECT fields FROM entities WHERE type = $1 AND id = $2',
          values: [type, id],
        })
      ).rows[0]?.fields,
    runs: async () =>
      (
        await database.pool.query<{ event_id: string; state: string; attempt: number; code: string | null; run_id: string | null }>({
          name: 'test.runs',
          text: 'SELECT e.event_id, r.state, r.attempt, r.code, r.run_id FROM runs r JOIN events e ON e.uuid = r.event_uuid ORDER BY r.seq',
        })
      ).rows,
    effects: async (eventId) =>
      (
        await database.pool.query<{ line: string }>({
          name: 'test.effects',
          text: `SELECT x.action || ' ' || x.state || ' ' || x.round AS line FROM effects x JOIN events e ON e.uuid = x.event_uuid WHERE e.event_id = $1 ORDER BY 1`,
          values: [eventId],
        })
      ).rows.map(({ line }) => line),
    stockOf: async (sku) =>
      (
        await database.pool.query<{ available: number }>({
          name: 'test.stock',
          text: 'SELECT available FROM stock WHERE sku = $1',
          values: [sku],
        })
      ).rows[0]?.available ?? -1,
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      await Promise.all([database.close(), temporal.close(), mail.close(), warehouse.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A generic order, as a shop of one's own would post it. */
export function orderOf(id: string, overrides: object = {}): object {
  return {
    event_id: id,
    event_type: 'order.created',
    occurred_at: new Date().toISOString(),
    data: {
      order_id: id,
      customer_email: `${id}@example.com`,
      total_amount: 24.5,
      currency: 'EUR',
      items: [{ sku: 'MUG', name: 'Mug', quantity: 2, price: 12.25 }],
      ...overrides,
    },
  };
}

function toYaml({
  ways,
  temporalAddress,
  namespace,
  mail,
  warehouse,
  settings,
}: {
  readonly ways: Ways;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly mail: MailCatcher;
  readonly warehouse: Warehouse;
  readonly settings: string;
}): string {
  return `
sources:
  shop: { provider: shopify, secrets: ['\${SHOP_SECRET}'], test: ${ways.shopTest ?? 'dry'} }
  erp: { provider: hookline, secrets: ['\${ERP_SECRET}'] }
  hub: { provider: github, secrets: ['\${HUB_SECRET}'] }
  pay: { provider: stripe, secrets: ['\${PAY_SECRET}'], references: shopify }
  desk: { provider: zendesk, secrets: ['\${DESK_SECRET}'] }
  app: { provider: standard-webhooks, secrets: ['\${APP_SECRET}'] }
ingress: { port: 0 }
temporal: { address: '${ways.temporalAddress ?? temporalAddress}', namespace: '${namespace}' }
mail: { smtp: '${ways.smtpUrl ?? mail.smtpUrl}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }
warehouse: { url: '${ways.warehouseUrl ?? warehouse.ordersUrl}', secret: '\${WAREHOUSE_SECRET}' }
http: { allow: ['127.0.0.1'] }
starter: { leaseMs: 5000 }
worker: { shutdownGraceMs: 2000 }
${settings}`;
}
