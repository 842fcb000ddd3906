import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { orderCreated } from '../../scripts/record/sample-events.ts';
import { explain } from '../../src/admin/why/explain.ts';
import { RECORD_OUTCOME, TASK_QUEUE } from '../../src/contracts/names.ts';
import { createStarter, type Starter } from '../../src/ingress/starter.ts';
import { createTemporalPort } from '../../src/ingress/temporal-port.ts';
import { bundleChains } from '../../src/runtime/bundle-chains.ts';
import { createReadPendingSteps } from '../../src/runtime/read-pending-steps.ts';
import type { TemporalClient } from '../../src/runtime/temporal-client.ts';
import { readBacklog } from '../../src/store/backlog.ts';
import type { RunRow, Runs } from '../../src/store/runs.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import '../support/quiet-temporal.ts';
import { addRun } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { createNamespace } from '../support/temporal.ts';

const now = (): Date => new Date();
let database: TestDatabase;
let temporal: TemporalClient;
let native: NativeConnection;
let bundle: WorkflowBundle & { readonly code: string };
let store: Store;
let starter: Starter;
const workers = new Set<{ close(): Promise<void> }>();

beforeAll(async () => {
  // one after the other: the bundler keeps this process from answering its servers in time
  bundle = (await bundleChains(silentLog)) as typeof bundle; // it is built in memory, never a path
  [database, temporal, native] = await Promise.all([
    createDatabase(),
    createNamespace(),
    NativeConnection.connect({ address: inject('temporalAddress') }),
  ]);
  store = createStore({ pool: database.pool });
  const { connection, namespace } = temporal;
  starter = createStarter({
    runs: store.runs,
    temporal: createTemporalPort({ connection, namespace, identity: 'test' }),
    chains: [],
    owner: randomUUID(),
    concurrency: 4,
    sweepMs: 50,
    leaseMs: 5_000,
    log: silentLog,
    now,
  });
}, 60_000);
afterEach(async () => {
  for (const worker of workers) await worker.close();
  workers.clear();
});
afterAll(async () => {
  await starter.close();
  await Promise.all([native.close(), temporal.close(), database.close()]);
});

/** Starts a worker that knows every chain, or none of them, as one of an older version. Its mails wait until it is closed. */
async function deploy(version: 'older' | 'right'): Promise<{ close(): Promise<void> }> {
  const older = bundle.code.replace('chain.name === name', 'chain.name === undefined');
  expect(older).not.toBe(bundle.code);
  let close = (): void => {};
  const closing = new Promise<void>((resolve) => (close = resolve));
  const worker = await Worker.create({
    connection: native,
    namespace: temporal.namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: version === 'older' ? { ...bundle, code: older } : bundle,
    activities: {
      'inventory.reserve': async () => ({ lines: [{ sku: 'MUG', wanted: 2, held: 2 }], backordered: false }),
      'email.sendOrderConfirmation': () => closing,
      [RECORD_OUTCOME]: (mark: Parameters<Runs['markOutcome']>[0]) => store.runs.markOutcome(mark),
    },
  });
  const ended = worker.run();
  const running = {
    close: async (): Promise<void> => {
      close();
      worker.shutdown();
      await ended;
      workers.delete(running);
    },
  };
  workers.add(running);
  return running;
}

/** The row, after Temporal was asked once more. */
async function look(eventUuid: string): Promise<RunRow | undefined> {
  await store.runs.checkAllSoon();
  return store.runs.get({ eventUuid, chain: 'new-order' });
}

const until = (eventUuid: string, expected: object): Promise<void> =>
  expect.poll(() => look(eventUuid), { timeout: 60_000, interval: 100 }).toMatchObject(expected);

it('tells of a run that no worker can carry on that it is stuck and why, and takes it back once the right ones are deployed', async () => {
  const eventUuid = await addRun(database.pool, { state: 'pending', eventId: 'evt_stuck', data: orderCreated().data });
  const wrong = await deploy('older');
  await until(eventUuid, {
    state: 'started',
    code: 'run.taskFailing',
    detail: 'WORKFLOW_WORKER_UNHANDLED_FAILURE: chain.unknown: got `new-order`',
    stuckSince: expect.any(Date) as Date,
  });
  expect((await readBacklog(database.pool)).runsStuck).toBe(1);
  const { connection, namespace } = temporal;
  const pendingSteps = createReadPendingSteps({ connection, namespace, now });
  const why = (): Promise<unknown> => explain({ store, pendingSteps, now: now() }, { about: 'evt_stuck' });
  expect(await why()).toMatchObject({
    explanations: [
      {
        verdict: 'stuck',
        code: 'run.taskFailing',
        said: expect.stringMatching(/does not go on since 20.*chain\.unknown: got `new-order`$/) as string,
      },
    ],
  });

  await wrong.close();
  await deploy('right');
  await until(eventUuid, { state: 'started', code: null, detail: null, stuckSince: null });
  expect((await readBacklog(database.pool)).runsStuck).toBe(0);
  expect(await why()).toMatchObject({ explanations: [{ verdict: 'running', code: null, step: 'email.sendOrderConfirmation' }] });
}, 150_000);
