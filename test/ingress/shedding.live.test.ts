import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogFields } from '../../src/contracts/names.ts';
import { classifyStartError } from '../../src/ingress/start-error.ts';
import { createStarter, type Starter } from '../../src/ingress/starter.ts';
import { createTemporalPort, type TemporalPort } from '../../src/ingress/temporal-port.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { startTemporal, type TemporalServer } from '../../src/runtime/temporal-server.ts';
import { createRuns } from '../../src/store/runs.ts';
import { addRun } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

/** Of a namespace, in requests a second; Temporal saves up for a burst of twice as many. */
const LIMIT = 5;
const RUNS = 30;
/** The largest input of a run that a server takes, unless it is told otherwise. */
const BLOB_BYTES = 2 * 1024 * 1024;

let folder: string;
let server: TemporalServer;
let client: TemporalClient;
let database: TestDatabase;
let starter: Starter | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-shedding-'));
  const { path: cli } = await findTemporalCli({ env: process.env, progress: () => {} });
  const dynamicConfig = { 'frontend.namespaceRPS': String(LIMIT) };
  [server, database] = await Promise.all([
    startTemporal({ cli, dataDir: folder, headless: true, dynamicConfig, log: silentLog }),
    createDatabase(),
  ]);
  client = createTemporalClient({ address: server.address });
}, 60_000);
afterAll(async () => {
  await starter?.close();
  await client.close();
  await Promise.all([server.close(), database.close()]);
  await rm(folder, { recursive: true, force: true });
});

it('a server that takes few starts a second gets them at its pace: none is lost, few are shed, one that is too large fails alone', async () => {
  const tooLarge = await addRun(database.pool, { state: 'pending', data: { pad: 'x'.repeat(BLOB_BYTES) } });
  for (let run = 0; run < RUNS; run += 1) await addRun(database.pool, { state: 'pending' });
  const real = createTemporalPort({ connection: client.connection, namespace: client.namespace, identity: 'test' });
  const outcomes: ('taken' | 'shed')[] = [];
  const temporal: TemporalPort = {
    ...real,
    start: (request) =>
      real.start(request).then(
        (runId) => {
          outcomes.push('taken');
          return runId;
        },
        (error: unknown) => {
          if (classifyStartError(error).kind === 'shedding') outcomes.push('shed');
          throw error;
        },
      ),
  };
  const codes: unknown[] = [];
  const note = ({ code, cause }: LogFields): void => void (code === undefined || codes.push(code, cause));
  starter = createStarter({
    runs: createRuns({ pool: database.pool }),
    temporal,
    chains: [],
    owner: randomUUID(),
    concurrency: 16,
    sweepMs: 500,
    leaseMs: 10_000,
    log: { ...silentLog, warn: note, error: note },
    now: () => new Date(),
  });
  const states = async (): Promise<readonly string[]> =>
    (
      await database.pool.query<{ state: string }>({ name: 'test.states', text: 'SELECT DISTINCT state FROM runs ORDER BY state' })
    ).rows.map(({ state }) => state);
  await expect.poll(states, { timeout: 45_000, interval: 100 }).toEqual(['failed', 'started']);
  const shed = outcomes.filter((outcome) => outcome === 'shed').length;
  expect(outcomes.filter((outcome) => outcome === 'taken')).toHaveLength(RUNS);
  expect(shed).toBeLessThan(2 * RUNS); // a starter that tries again at once has hundreds shed
  expect(new Set(codes.filter((code) => String(code).startsWith('temporal.')))).toEqual(new Set(['temporal.shedding']));
  expect(starter.downSince()).toBeNull();

  const runs = createRuns({ pool: database.pool });
  const refused = { eventUuid: tooLarge, chain: 'new-order' };
  expect(await runs.get(refused)).toMatchObject({
    state: 'failed',
    code: 'run.startRefused',
    detail: expect.stringMatching(/^gRPC 3: .*exceeds/) as string,
  });
  await database.pool.session((session) => session.run(`UPDATE events SET data = '{}' WHERE uuid = '${tooLarge}'`));
  expect(await runs.repair({ eventUuid: tooLarge, again: false })).toMatchObject([{ attempt: 2 }]);
  starter.nudge();
  await expect.poll(() => runs.get(refused), { timeout: 20_000 }).toMatchObject({ state: 'started', attempt: 2, code: null });
}, 90_000);
