import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { orderCreated } from '../../scripts/record/sample-events.ts';
import { createActivities, type AnyAgent } from '../../src/activities/create-activities.ts';
import { defineAgent, effectAction, stateAction } from '../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../src/activities/dependencies.ts';
import { EffectFailure } from '../../src/activities/effect-failure.ts';
import { NO_METER, type Meter } from '../../src/contracts/metrics.ts';
import { TASK_QUEUE } from '../../src/contracts/names.ts';
import type { RunInput, RunOutcome } from '../../src/contracts/run.ts';
import { bundleChains } from '../../src/runtime/bundle-chains.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { createNamespace } from '../support/temporal.ts';
import { Worker } from '@temporalio/worker';

/** Long enough for Temporal's retries after 1 s and 2 s more; the third failure comes too late. */
const PATIENCE_MS = 2_500;
const PAUSE_EMAIL: Switch = { verb: 'pause', kind: 'agent', name: 'email' };
const PAUSE_INVENTORY: Switch = { verb: 'pause', kind: 'agent', name: 'inventory' };

let database: TestDatabase;
let client: Client;
let connection: Connection;
let native: NativeConnection;
let namespace: string;
let close = async (): Promise<void> => {};

beforeAll(async () => {
  const address = inject('temporalAddress');
  ({ namespace } = await createNamespace(address));
  database = await createDatabase();
  [connection, native] = await Promise.all([Connection.connect({ address }), NativeConnection.connect({ address })]);
  client = new Client({ connection, namespace });
});
afterEach(async () => {
  await close();
  for (const one of [PAUSE_EMAIL, PAUSE_INVENTORY]) await clearSwitch(database.pool, one);
});
afterAll(async () => {
  await Promise.all([connection.close(), native.close()]);
  await database.close();
});

interface Run {
  readonly handle: WorkflowHandle;
  /** Attempts of actions by `action outcome`, in the order of their ends. */
  readonly attempts: readonly string[];
  readonly outcomes: readonly RunOutcome[];
  /** What was observed of `hookline_event_finish_seconds`. */
  readonly finished: readonly string[];
}

/** Runs `new-order` on the real ledger, with a mail that goes out, or never does. */
async function run(mail: 'goes out' | 'fails'): Promise<Run> {
  const attempts: string[] = [];
  const outcomes: RunOutcome[] = [];
  const finished: string[] = [];
  const count: Meter['count'] = (name, labels) => {
    if (name === 'hookline_actions_total') attempts.push(Object.values(labels).slice(1).join(' '));
  };
  const observe: Meter['observe'] = (name, labels, value) => {
    if (name === 'hookline_event_finish_seconds') finished.push(`${Object.values(labels).join(' ')} ${value}`);
  };
  const event = { ...orderCreated(), uuid: randomUUID() };
  const note = stateAction(async () => ({ lines: [], backordered: false }));
  const agents: readonly AnyAgent[] = [
    defineAgent({ name: 'inventory', actions: () => ({ reserve: note, release: stateAction({ undoes: 'reserve' }, async () => null) }) }),
    defineAgent({
      name: 'email',
      actions: () => ({
        sendOrderConfirmation: effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending }) => {
          if (mail === 'fails') throw new EffectFailure('mail.unavailable', { happened: 'no' });
          await sending('mail');
        }),
      }),
    }),
    defineAgent({ name: 'fulfilment', actions: () => ({ notifyWarehouse: effectAction({ policy: 'atLeastOnce' }, async () => null) }) }),
    defineAgent({ name: 'analytics', actions: () => ({ record: note }) }),
  ];
  const nothing = {} as AgentDependencies; // none of these actions looks at it
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundleChains(silentLog),
    activities: createActivities({
      agents,
      dependencies: nothing,
      dryDependencies: nothing,
      isDry: () => false,
      pool: database.pool,
      markOutcome: async ({ outcome }) => {
        outcomes.push(outcome);
        return true;
      },
      log: silentLog,
      now: () => new Date(Date.parse(event.receivedAt) + 1_500),
      random: () => 0,
      patienceMs: { quick: PATIENCE_MS, patient: PATIENCE_MS, forever: Infinity },
      meter: { ...NO_METER, count, observe },
    }),
  });
  const ended = worker.run();
  close = async () => {
    worker.shutdown();
    await ended;
  };
  const input: RunInput = { event, attempt: 1, round: 0, ledger: 'new-order', searchAttributes: false };
  const handle = await client.workflow.start('new-order', { taskQueue: TASK_QUEUE, workflowId: randomUUID(), args: [input] });
  return { handle, attempts, outcomes, finished };
}
const stop = (one: Switch): Promise<boolean> => setSwitch(database.pool, one, { by: 'test', reason: null });
const times = ({ attempts }: Run, what: string): number => attempts.filter((attempt) => attempt === what).length;

describe('the patience of an effect', () => {
  it('is over when the time of its preset is, and the run says with what it last failed', async () => {
    const gone = await run('fails');
    const failure: unknown = await gone.handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    const [outcome] = gone.outcomes;
    expect(outcome).toMatchObject({ state: 'failed', code: 'action.gaveUp' });
    expect(outcome?.detail).toMatch(/^action\.gaveUp: `email\.sendOrderConfirmation`, last: mail\.unavailable: /);
    expect(times(gone, 'sendOrderConfirmation failed')).toBe(3);
  });

  it('does not count the time for which it is paused, and begins anew after it, waits included', async () => {
    const kept = await run('fails');
    await expect.poll(() => times(kept, 'sendOrderConfirmation failed')).toBe(1);
    await stop(PAUSE_EMAIL);
    const pausedAt = performance.now();
    const isLongPaused = (): boolean => performance.now() - pausedAt > 2 * PATIENCE_MS && times(kept, 'sendOrderConfirmation paused') > 2;
    await expect.poll(isLongPaused, { timeout: 20_000 }).toBe(true);
    const before = times(kept, 'sendOrderConfirmation failed');
    await clearSwitch(database.pool, PAUSE_EMAIL);
    await expect.poll(() => kept.outcomes, { timeout: 20_000 }).toMatchObject([{ state: 'failed', code: 'action.gaveUp' }]);
    expect(times(kept, 'sendOrderConfirmation failed') - before).toBe(3);
  });
});

describe('a state action', () => {
  it('waits while it is paused, and is done once it is not', async () => {
    await stop(PAUSE_INVENTORY);
    const waiting = await run('goes out');
    await expect.poll(() => times(waiting, 'reserve paused'), { timeout: 20_000 }).toBe(2);
    expect(waiting.attempts).toEqual(['reserve paused', 'reserve paused']);
    await clearSwitch(database.pool, PAUSE_INVENTORY);
    await waiting.handle.result();
    expect(waiting.outcomes).toMatchObject([{ state: 'done' }]);
    expect(waiting.finished).toEqual(['new-order 1.5']);
    expect(waiting.attempts.filter((attempt) => attempt !== 'reserve paused')).toEqual([
      'reserve done',
      'sendOrderConfirmation done',
      'notifyWarehouse done',
      'record done',
    ]);
  });

  it('ends where it waits when its run is cancelled in Temporal, and never happens', async () => {
    await stop(PAUSE_INVENTORY);
    const waiting = await run('goes out');
    await expect.poll(() => times(waiting, 'reserve paused'), { timeout: 20_000 }).toBe(1);
    await waiting.handle.cancel();
    await expect.poll(() => times(waiting, 'release paused'), { timeout: 20_000 }).toBeGreaterThan(0);
    await clearSwitch(database.pool, PAUSE_INVENTORY);
    await expect.poll(() => waiting.outcomes, { timeout: 20_000 }).toMatchObject([{ state: 'stopped', code: 'run.cancelled' }]);
    expect(times(waiting, 'reserve done')).toBe(0);
  });
});
