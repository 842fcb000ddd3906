import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunOutcome } from '../../src/contracts/run.ts';
import type { RunState } from '../../src/contracts/webhook.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createRuns } from '../../src/store/runs.ts';
import type { Runs } from '../../src/store/runs.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';
import type { EventWish } from './make-delivery.ts';

const OUTCOME = {
  done: { state: 'done', code: null, detail: null, result: { ok: true } },
  failed: { state: 'failed', code: 'action.failed', detail: 'no', result: null },
  stopped: { state: 'stopped', code: 'run.cancelled', detail: null, result: null },
} as const satisfies Record<string, RunOutcome>;
const STATES: readonly RunState[] = ['pending', 'repair_requested', 'started', 'done', 'failed', 'stopped'];

describe('runs', () => {
  let database: TestDatabase;
  let runs: Runs;
  const chain = 'new-order';

  beforeAll(async () => {
    database = await createDatabase();
    runs = createRuns({ pool: database.pool });
  });
  beforeEach(() => run('TRUNCATE events, runs, effects CASCADE'));
  afterAll(() => database.close());

  const run = (sql: string) => database.pool.session((session) => session.run(sql));
  const add = async (...wishes: readonly Partial<EventWish>[]): Promise<readonly string[]> => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const outcomes = await inbox.add(makeDelivery({ events: wishes.map((wish) => ({ eventId: randomId(), ...wish })) }));
    await inbox.close();
    return outcomes.map(({ eventUuid }) => eventUuid);
  };
  const addOne = async (state: RunState = 'pending', attempt = 1): Promise<string> => {
    const [uuid = ''] = await add({});
    await database.pool.query({
      name: 'test.state',
      text: 'UPDATE runs SET state = $2, attempt = $3, started_at = now() WHERE event_uuid = $1',
      values: [uuid, state, attempt],
    });
    return uuid;
  };
  const claim = (owner = randomUUID(), leaseMs = 60_000, limit = 100) => runs.claim({ owner, limit, leaseMs });
  const stateOf = async (eventUuid: string) => (await runs.get({ eventUuid, chain }))?.state;

  test('gives two processes different runs, in order of receipt, with all that a start needs', async () => {
    const uuids = await add(...Array.from({ length: 10 }, () => ({})));
    const [first, second] = await Promise.all([claim(randomUUID(), 60_000, 5), claim(randomUUID(), 60_000, 5)]);
    const claimed = [first, second].map((batch) => batch.map(({ event }) => uuids.indexOf(event.uuid)));
    for (const batch of claimed) expect(batch).toEqual(batch.toSorted((a, b) => a - b));
    expect([...(claimed[0] ?? []), ...(claimed[1] ?? [])].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await claim()).toEqual([]);
    expect(first[0]).toMatchObject({
      chain,
      ledger: chain,
      state: 'pending',
      attempt: 1,
      round: 0,
      restarts: 0,
      tries: 0,
      workflowId: `shop.${first[0]?.event.id}`,
      event: {
        source: 'shop',
        type: 'order.created',
        entity: { type: 'order', id: 'shop:1' },
        occurredAt: '2026-03-01T10:00:00.123Z',
        test: false,
        data: { number: '1' },
      },
    });
  });

  test('gives a run to another process when its lease is over', async () => {
    const [uuid] = await add({});
    await claim(randomUUID(), 0);
    expect((await claim()).map(({ event }) => event.uuid)).toEqual([uuid]);
  });

  test('gives a postponed run out again when its delay is over, and counts the try where asked', async () => {
    const [eventUuid = ''] = await add({});
    await claim();
    await runs.postpone({ eventUuid, chain, attempt: 1, delayMs: 60_000, countTry: true });
    expect(await claim()).toEqual([]);
    await runs.postpone({ eventUuid, chain, attempt: 1, delayMs: 0, countTry: false });
    expect(await claim()).toMatchObject([{ tries: 1, event: { uuid: eventUuid } }]);
  });

  test.each(STATES)('marks %s as started only where it is to be started', async (state) => {
    const eventUuid = await addOne(state);
    await runs.markStarted({ eventUuid, chain, attempt: 1, runId: 'r' });
    expect(await stateOf(eventUuid)).toBe(state === 'pending' || state === 'repair_requested' ? 'started' : state);
  });

  test.each(STATES)('fails a start of %s only where it is to be started', async (state) => {
    const eventUuid = await addOne(state);
    await runs.failStart({ eventUuid, chain, attempt: 1, code: 'run.idTaken', detail: 'x' });
    expect(await stateOf(eventUuid)).toBe(state === 'pending' || state === 'repair_requested' ? 'failed' : state);
  });

  test.each(STATES.flatMap((from) => (['done', 'failed', 'stopped'] as const).map((to) => [from, to] as const)))(
    'over %s, an outcome of %s is written or not',
    async (from, to) => {
      const eventUuid = await addOne(from);
      const overwrites = from === 'pending' || from === 'repair_requested' || from === 'started' || (to === 'done' && from !== 'done');
      expect(await runs.markOutcome({ eventUuid, chain, attempt: 1, outcome: OUTCOME[to] })).toBe(overwrites);
      const row = await runs.get({ eventUuid, chain });
      expect(row?.state).toBe(overwrites ? to : from);
      if (overwrites) expect(row).toMatchObject({ ...OUTCOME[to], closedAt: expect.any(Date) });
    },
  );

  test.each([1, 3])('leaves attempt 2 alone when a mark is of attempt %i', async (attempt) => {
    const eventUuid = await addOne('repair_requested', 2);
    await runs.markStarted({ eventUuid, chain, attempt, runId: 'r' });
    await runs.failStart({ eventUuid, chain, attempt, code: 'run.idTaken', detail: 'x' });
    await runs.postpone({ eventUuid, chain, attempt, delayMs: 60_000, countTry: true });
    await runs.restartForgotten({ eventUuid, chain, attempt });
    expect(await runs.markOutcome({ eventUuid, chain, attempt, outcome: OUTCOME.done })).toBe(false);
    expect(await claim()).toMatchObject([{ attempt: 2, tries: 0, state: 'repair_requested' }]);
  });

  test('keeps an outcome that arrives before the mark of its start', async () => {
    const eventUuid = await addOne('pending');
    await claim();
    await Promise.all([
      runs.markOutcome({ eventUuid, chain, attempt: 1, outcome: OUTCOME.done }),
      runs.markStarted({ eventUuid, chain, attempt: 1, runId: 'r' }),
    ]);
    await runs.markOutcome({ eventUuid, chain, attempt: 1, outcome: OUTCOME.done });
    expect(await stateOf(eventUuid)).toBe('done');
    expect(await claim()).toEqual([]);
  });

  test('writes an outcome whose detail no text column could hold', async () => {
    const eventUuid = await addOne('started');
    expect(
      await runs.markOutcome({ eventUuid, chain, attempt: 1, outcome: { ...OUTCOME.failed, detail: `a\0b${'c'.repeat(9_000)}` } }),
    ).toBe(true);
    expect((await runs.get({ eventUuid, chain }))?.detail).toMatch(/^a\u{fffd}bc{4000}/u);
  });

  test('has a started run checked after 5 s, then after twice as long each time', async () => {
    const eventUuid = await addOne('pending');
    await claim();
    await runs.markStarted({ eventUuid, chain, attempt: 1, runId: 'r' });
    expect(await runs.dueChecks({ limit: 10 })).toEqual([]);
    await runs.checkAllSoon();
    const delays: number[] = [];
    for (let check = 0; check < 8; check++) {
      expect(await runs.dueChecks({ limit: 10 })).toMatchObject([
        { eventUuid, chain, attempt: 1, restarts: 0, runId: 'r', startedAt: expect.any(Date) },
      ]);
      const { rows } = await database.pool.query<{ readonly delay: number }>({
        name: 'test.delay',
        text: 'SELECT round(extract(epoch FROM check_at - now()))::int AS delay FROM runs',
      });
      delays.push(rows[0]?.delay ?? 0);
      await run('UPDATE runs SET check_at = now()');
    }
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  describe('that Temporal cannot carry on', () => {
    const stuck = (eventUuid: string, detail = 'NO') => runs.markStuck({ eventUuid, chain, attempt: 1, detail });
    const rowOf = (eventUuid: string) => runs.get({ eventUuid, chain });

    test.each(STATES)('are told as such only while they are started (%s)', async (state) => {
      const eventUuid = await addOne(state);
      await stuck(eventUuid);
      const expected =
        state === 'started'
          ? { code: 'run.taskFailing', detail: 'NO', stuckSince: expect.any(Date) as Date }
          : { code: null, stuckSince: null };
      expect(await rowOf(eventUuid)).toMatchObject({ state, ...expected });
    });

    test('keep since when, and are looked at again within 30 s', async () => {
      const eventUuid = await addOne('started');
      await run(`UPDATE runs SET check_at = now() + interval '5 minutes'`);
      await stuck(eventUuid);
      const before = await rowOf(eventUuid);
      await stuck(eventUuid, 'ANOTHER');
      expect(await rowOf(eventUuid)).toMatchObject({ detail: 'ANOTHER', stuckSince: before?.stuckSince });
      expect(await runs.dueChecks({ limit: 10 })).toEqual([]);
      await run(`UPDATE runs SET check_at = check_at - interval '30 seconds'`);
      expect(await runs.dueChecks({ limit: 10 })).toMatchObject([{ eventUuid, stuck: true }]);
    });

    test('are told as others again once they go on', async () => {
      const eventUuid = await addOne('started');
      await stuck(eventUuid);
      await runs.clearStuck({ eventUuid, chain, attempt: 2 });
      expect((await rowOf(eventUuid))?.stuckSince).not.toBeNull();
      await runs.clearStuck({ eventUuid, chain, attempt: 1 });
      expect(await rowOf(eventUuid)).toMatchObject({ state: 'started', code: null, detail: null, stuckSince: null });
      await runs.checkAllSoon();
      expect(await runs.dueChecks({ limit: 10 })).toMatchObject([{ stuck: false }]);
    });

    test('are so no more when they have ended, or are started again', async () => {
      const ended = await addOne('started');
      await stuck(ended);
      await runs.markOutcome({ eventUuid: ended, chain, attempt: 1, outcome: OUTCOME.stopped });
      expect(await rowOf(ended)).toMatchObject({ ...OUTCOME.stopped, stuckSince: null });
      const forgotten = await addOne('started');
      await stuck(forgotten);
      await runs.restartForgotten({ eventUuid: forgotten, chain, attempt: 1 });
      expect(await rowOf(forgotten)).toMatchObject({ state: 'pending', code: null, stuckSince: null });
    });
  });

  test('gives a due check to one process only', async () => {
    await add(...Array.from({ length: 20 }, () => ({})));
    for (const { event } of await claim()) await runs.markStarted({ eventUuid: event.uuid, chain, attempt: 1, runId: 'r' });
    await runs.checkAllSoon();
    const checked = (await Promise.all([1, 2, 3].map(() => runs.dueChecks({ limit: 10 })))).flat();
    expect(new Set(checked.map(({ eventUuid }) => eventUuid)).size).toBe(checked.length);
    expect(checked.length).toBeGreaterThanOrEqual(10);
  });

  test.each(STATES)('starts a forgotten run again as the same attempt only where it is started (%s)', async (state) => {
    const eventUuid = await addOne(state);
    await runs.restartForgotten({ eventUuid, chain, attempt: 1 });
    expect(await stateOf(eventUuid)).toBe(state === 'started' ? 'pending' : state);
    if (state === 'started') expect(await claim()).toMatchObject([{ attempt: 1, restarts: 1 }]);
  });

  test.each(STATES)('repairs %s where that is asked for', async (state) => {
    const eventUuid = await addOne(state);
    const repaired = await runs.repair({ eventUuid, again: false });
    const expected = state === 'failed' || state === 'stopped';
    expect(repaired).toMatchObject(expected ? [{ state: 'repair_requested', attempt: 2, round: 0 }] : []);
  });

  test('does all effects of a finished run once more in the next round with `again`', async () => {
    const eventUuid = await addOne('done');
    await database.pool.query({
      name: 'test.effects',
      text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id)
             VALUES ($1, 'new-order', 'a.b', '0', 0, 'undone', 1, 'r'), ($1, 'new-order', 'a.b', '0', 1, 'done', 1, 'r'), ($1, 'other', 'a.b', '0', 7, 'done', 1, 'r')`,
      values: [eventUuid],
    });
    expect(await runs.repair({ eventUuid, chain: 'another', again: true })).toEqual([]);
    expect(await runs.repair({ eventUuid, chain, again: true })).toMatchObject([{ state: 'repair_requested', attempt: 2, round: 2 }]);
    expect(await claim()).toMatchObject([{ attempt: 2, round: 2 }]);
  });

  test('repairs the runs of an event apart from one another', async () => {
    const [eventUuid = ''] = await add({ chains: ['new-order', 'notify'] });
    for (const name of ['new-order', 'notify'])
      await runs.markOutcome({ eventUuid, chain: name, attempt: 1, outcome: name === 'notify' ? OUTCOME.failed : OUTCOME.done });
    expect(await runs.repair({ eventUuid, again: false })).toMatchObject([{ chain: 'notify' }]);
    expect(await runs.listOfEvent(eventUuid)).toMatchObject([
      { chain: 'new-order', state: 'done', attempt: 1 },
      { chain: 'notify', state: 'repair_requested', attempt: 2 },
    ]);
  });
});
