import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventState, RunState } from '../../src/contracts/webhook.ts';
import { createInbox } from '../../src/store/inbox.ts';
import type { EffectState } from '../../src/store/ledger.ts';
import { transaction } from '../../src/store/pool.ts';
import { createRetentionSteps, readCutoffs, type RetentionAges, type RetentionCursor } from '../../src/store/retention.ts';
import { repairRuns } from '../../src/store/runs.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery } from './make-delivery.ts';
import { doneEvent, noRows, writeOldRows, type OldDelivery, type OldEvent, type OldRows } from './old-rows.ts';
import { readRemains, sorted, toRemains } from './remains.ts';

const AGES: RetentionAges = { bodyDays: 30, deliveryDays: 90, eventDays: 180, effectDays: 180, auditDays: 730, dedupeDays: 90 };
const EVENT_STATES: readonly EventState[] = ['routed', 'routed', 'routed', 'ignored', 'held', 'quarantined'];
const RUN_STATES: readonly RunState[] = ['done', 'done', 'done', 'pending', 'started', 'failed', 'stopped', 'repair_requested'];
const EFFECT_STATES: readonly EffectState[] = ['done', 'done', 'undone', 'intended', 'sending', 'unknown'];

const days = fc.integer({ min: 0, max: 400 }).map((whole) => whole + 0.5);
const runs = fc.array(fc.record({ state: fc.constantFrom(...RUN_STATES), closedDays: days }), { minLength: 1, maxLength: 2 });
const effects = fc.array(fc.record({ state: fc.constantFrom(...EFFECT_STATES), days }), { maxLength: 2 });
const events: fc.Arbitrary<readonly OldEvent[]> = fc.array(
  fc
    .record({ state: fc.constantFrom(...EVENT_STATES), runs, effects })
    .map((event) => (event.state === 'routed' ? event : { ...event, runs: [], effects: [] })),
  { minLength: 1, maxLength: 3 },
);
const deliveries: fc.Arbitrary<readonly OldDelivery[]> = fc.array(
  fc.oneof(
    fc.record({ days, kind: fc.constant('own' as const), events }).map(inOrderOfTime),
    fc.record({ days, kind: fc.constantFrom('duplicate' as const, 'refused' as const, 'unverified' as const), events: fc.constant([]) }),
  ),
  { minLength: 1, maxLength: 30 },
);
const populations: fc.Arbitrary<OldRows> = fc.record({
  deliveries,
  orphans: fc.array(fc.record({ state: fc.constantFrom(...EFFECT_STATES), days }), { maxLength: 5 }),
  bodyKeys: fc.array(days, { maxLength: 5 }),
  refusalCounts: fc.array(days, { maxLength: 5 }),
  audit: fc.array(days, { maxLength: 5 }),
});
/** Nothing of an event is older than its receipt. */
function inOrderOfTime(delivery: OldDelivery): OldDelivery {
  const since = (age: number): number => Math.min(age, delivery.days);
  return {
    ...delivery,
    events: delivery.events.map((event) => ({
      ...event,
      runs: event.runs.map((run) => ({ ...run, closedDays: since(run.closedDays) })),
      effects: event.effects.map((effect) => ({ ...effect, days: since(effect.days) })),
    })),
  };
}
const age = fc.integer({ min: 1, max: 300 });
const agesOfAnyKind: fc.Arbitrary<RetentionAges> = fc.record({
  bodyDays: age,
  deliveryDays: age,
  eventDays: age,
  effectDays: age,
  auditDays: age,
  dedupeDays: age,
});

describe('retention', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.close());

  /** One whole round; resolves to the rows removed by each step. */
  const removeAll = async (ages = AGES): Promise<Readonly<Record<string, number>>> => {
    const cutoffs = await readCutoffs(database.pool, ages);
    const removed: Record<string, number> = {};
    for (const step of createRetentionSteps(database.pool)) {
      let cursor: RetentionCursor | null = step.start;
      while (cursor !== null) {
        const page = await step.page(cursor, cutoffs);
        removed[step.name] = (removed[step.name] ?? 0) + page.removed;
        cursor = page.last;
      }
    }
    return removed;
  };
  const write = (rows: Partial<OldRows>) => writeOldRows(database.pool, { ...noRows, ...rows });
  const remains = () => readRemains(database.pool);
  const own = (age: number, ...ofDelivery: readonly Partial<OldEvent>[]): OldDelivery => ({
    days: age,
    kind: 'own',
    events: ofDelivery.map((event) => ({ ...doneEvent, ...event })),
  });

  test('leaves exactly what its rules keep, of any rows under any ages, and nothing more the next time', async () => {
    await fc.assert(
      fc.asyncProperty(populations, fc.oneof(fc.constant(AGES), agesOfAnyKind), async (rows, ages) => {
        await writeOldRows(database.pool, rows);
        await removeAll(ages);
        expect(await remains()).toEqual(sorted(toRemains(rows, ages)));
        expect(Object.values(await removeAll(ages)).every((count) => count === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('goes through more rows than a page holds', async () => {
    const many = Array.from({ length: 1_201 }, () => own(200.5, {}));
    await write({ deliveries: many });
    expect(await removeAll()).toMatchObject({ bodies: 1_201, events: 1_201, deliveries: 1_201 });
    expect(await remains()).toMatchObject({ deliveries: [], events: [], runs: [] });
  });

  test('takes fewer rows into a page where their bodies are large', async () => {
    await write({ deliveries: Array.from({ length: 5 }, () => own(200.5, {})) });
    await database.pool.session((session) => session.run('UPDATE deliveries SET body_bytes = 9 * 1024 * 1024'));
    const [bodies] = createRetentionSteps(database.pool);
    const page = await bodies?.page(bodies.start, await readCutoffs(database.pool, AGES));
    expect(page?.removed).toBe(2);
    await removeAll();
    expect(await remains()).toMatchObject({ deliveries: [], events: [] });
  });

  test.each<[string, Partial<OldEvent>]>([
    ['is held', { state: 'held', runs: [] }],
    ['is quarantined', { state: 'quarantined', runs: [] }],
    ...RUN_STATES.filter((state) => state !== 'done').map((state): [string, Partial<OldEvent>] => [
      `has a run that is ${state}`,
      {
        runs: [
          { state: 'done', closedDays: 390.5 },
          { state, closedDays: 390.5 },
        ],
      },
    ]),
    ['has an effect of which nobody knows', { effects: [{ state: 'unknown', days: 390.5 }] }],
    ['was repaired this week', { runs: [{ state: 'done', closedDays: 6.5 }] }],
  ])('keeps an event that %s whole, with its body, data, delivery and effects', async (_name, event) => {
    await write({ deliveries: [own(395.5, event)] });
    await removeAll();
    expect(await remains()).toMatchObject({ deliveries: ['0'], bodies: ['0'], events: ['0.0'], data: ['0.0'] });
    expect((await remains()).runs).toHaveLength((event.runs ?? doneEvent.runs).length);
    expect((await remains()).effects).toHaveLength((event.effects ?? []).length);
  });

  test('keeps the body of several events, and the data of all of them, while one of them is needed', async () => {
    await write({ deliveries: [own(40.5, {}, { runs: [{ state: 'failed', closedDays: 40.5 }] }), own(40.5, {}, {})] });
    await removeAll();
    expect(await remains()).toMatchObject({ bodies: ['0'], data: ['0.0', '0.1'], events: ['0.0', '0.1', '1.0', '1.1'] });
  });

  test('never lets an event id be taken a second time within the dedupe horizon, and makes a new event of it afterwards', async () => {
    const ages = { ...AGES, bodyDays: 1, deliveryDays: 1, eventDays: 1, dedupeDays: 90 };
    const [within, after] = [own(89.5, {}), own(90.5, {})];
    await write({ deliveries: [after, within] });
    await removeAll(ages);
    expect(await remains()).toMatchObject({ deliveries: [], events: ['1.0'], data: [] });
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const outcomes = await Promise.all(['0-0', '1-0'].map((eventId) => inbox.add(makeDelivery({ events: [{ eventId }] }))));
    await inbox.close();
    expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(['accepted', 'duplicate']);
  });

  test('passes over an event that somebody is at work on, and meets it again', async () => {
    await write({ deliveries: [own(200.5, {}), own(200.5, {})] });
    await database.pool.session(async (other) => {
      await other.run(`BEGIN; SELECT FROM events WHERE provider_id = '0.0' FOR SHARE`);
      await removeAll();
      await other.run('ROLLBACK');
    });
    expect(await remains()).toMatchObject({ deliveries: ['0'], bodies: ['0'], data: ['0.0'], events: ['0.0'] });
    await removeAll();
    expect(await remains()).toMatchObject({ deliveries: [], events: [] });
  });

  test('takes nothing of an event that is just being done once more, and what it has taken is not done again', async () => {
    await write({ deliveries: [own(40.5, {})] });
    const { rows } = await database.pool.query<{ readonly uuid: string }>({ name: 'test.uuid', text: 'SELECT uuid FROM events' });
    const wish = { eventUuid: rows[0]?.uuid ?? '', again: true };
    const undone = transaction(database.pool, async (tx) => {
      expect(await repairRuns(tx, wish)).toHaveLength(1);
      await removeAll(); // it cannot see yet that a run is asked to start
      throw new Error('taken back');
    });
    await expect(undone).rejects.toThrow('taken back');
    expect(await remains()).toMatchObject({ bodies: ['0'], data: ['0.0'] });
    await removeAll();
    expect(await remains()).toMatchObject({ bodies: [], data: [] });
    expect(await repairRuns(database.pool, wish)).toEqual([]);
  });

  test('passes over an event without a body that somebody is at work on, and one that was not received when its id says', async () => {
    await write({ deliveries: [own(200.5, {}), own(200.5, {})] });
    await database.pool.session(async (other) => {
      await other.run(`UPDATE deliveries SET body = NULL; UPDATE events SET received_at = now() WHERE provider_id = '1.0'`);
      await other.run(`BEGIN; SELECT FROM events WHERE provider_id = '0.0' FOR SHARE`);
      await removeAll();
      await other.run('ROLLBACK');
    });
    expect(await remains()).toMatchObject({ events: ['0.0', '1.0'] });
    await removeAll();
    expect(await remains()).toMatchObject({ events: ['1.0'] });
  });

  test('passes over the key of a body that the inbox is just claiming', async () => {
    await write({ bodyKeys: [100.5, 100.5] });
    await database.pool.session(async (other) => {
      await other.run('BEGIN; SELECT FROM signed_bodies ORDER BY body_sha256 LIMIT 1 FOR UPDATE');
      await removeAll();
      await other.run('ROLLBACK');
    });
    expect((await remains()).bodyKeys).toHaveLength(1);
  });

  test('has a body stay no longer than its event may', async () => {
    await write({ deliveries: [own(5.5, { runs: [{ state: 'done', closedDays: 4.5 }] })] });
    await removeAll({ ...AGES, bodyDays: 100, eventDays: 3, dedupeDays: 3 });
    expect(await remains()).toMatchObject({ bodies: [], data: [], events: [] });
  });

  test('gives way where another transaction has a row of the page: nothing of the page has changed', async () => {
    await write({ deliveries: [own(200.5, {}), own(200.5, {})] });
    await database.pool.session(async (other) => {
      await other.run(`BEGIN; SELECT FROM deliveries WHERE remote_address = '1' FOR UPDATE`);
      await expect(removeAll()).rejects.toMatchObject({ code: '55P03' });
      await other.run('ROLLBACK');
    });
    expect(await remains()).toMatchObject({ bodies: ['0', '1'], data: ['0.0', '1.0'], events: ['0.0', '1.0'] });
  });

  test('does not remove by the age that an id claims alone', async () => {
    await write({ deliveries: [own(200.5, {}), { days: 200.5, kind: 'unverified', events: [] }], audit: [800.5] });
    await database.pool.session((session) =>
      session.run('UPDATE events SET received_at = now(); UPDATE deliveries SET received_at = now(); UPDATE audit SET at = now()'),
    );
    await removeAll();
    expect(await remains()).toMatchObject({ deliveries: ['0', '1'], bodies: ['0'], events: ['0.0'], data: ['0.0'], audit: ['0'] });
  });
});
