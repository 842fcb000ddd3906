import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStarter, type Starter } from '../../src/ingress/starter.ts';
import { createTemporalPort } from '../../src/ingress/temporal-port.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { startTemporal, type TemporalServer } from '../../src/runtime/temporal-server.ts';
import { createRuns } from '../../src/store/runs.ts';
import { addRun } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

const KILLS = 2;
/** Events before a kill, and as many while the server is away; more than are started at once. */
const EVENTS = 40;
const CONCURRENCY = 16;

let folder: string;
let server: TemporalServer;
let client: TemporalClient;
let database: TestDatabase;
let starter: Starter;
let startServer: () => Promise<TemporalServer>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-killed-'));
  const { path: cli } = await findTemporalCli({ env: process.env, progress: () => {} });
  const port = await freePort();
  startServer = () => startTemporal({ cli, dataDir: folder, port, headless: true, log: silentLog });
  [server, database] = await Promise.all([startServer(), createDatabase()]);
  client = createTemporalClient({ address: server.address });
  starter = createStarter({
    runs: createRuns({ pool: database.pool }),
    temporal: createTemporalPort({ connection: client.connection, namespace: client.namespace, identity: 'test' }),
    chains: [],
    owner: randomUUID(),
    concurrency: CONCURRENCY,
    sweepMs: 200,
    leaseMs: 5_000,
    log: silentLog,
    now: () => new Date(),
  });
});
afterAll(async () => {
  await starter.close();
  await client.close();
  await Promise.all([server.close(), database.close()]);
  await rm(folder, { recursive: true, force: true });
});

interface Row {
  readonly workflow_id: string;
  readonly run_id: string | null;
  readonly state: string;
}
const runs = async (): Promise<readonly Row[]> =>
  (await database.pool.query<Row>({ name: 'test.rows', text: 'SELECT workflow_id, run_id, state FROM runs ORDER BY seq' })).rows;
async function addRuns(): Promise<void> {
  for (let event = 0; event < EVENTS; event += 1) await addRun(database.pool, { state: 'pending', data: {} });
  starter.nudge();
}
const started = async (): Promise<number> => (await runs()).filter(({ state }) => state === 'started').length;

it('Temporal is killed among starts, again and again: every run is started, and is the one that its row says', async () => {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const before = await started();
    await addRuns();
    await expect.poll(started, { interval: 5 }).toBeGreaterThan(before);
    process.kill(server.pid, 'SIGKILL');
    await addRuns();
    await expect.poll(() => starter.downSince(), { timeout: 30_000, interval: 10 }).not.toBeNull();
    server = await startServer();
    await expect.poll(started, { timeout: 60_000, interval: 100 }).toBe(kill * 2 * EVENTS);
  }
  const described = await Promise.all(
    (await runs()).map(async ({ workflow_id, run_id }) => {
      const found = await client.client.workflow
        .getHandle(workflow_id)
        .describe()
        .catch(() => undefined);
      return [run_id, found?.runId, found?.status.name];
    }),
  );
  expect(described).toEqual(described.map(([runId]) => [runId, runId, 'RUNNING']));
  expect(new Set(described.map(([runId]) => runId)).size).toBe(KILLS * 2 * EVENTS);
}, 180_000);
