import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAlerts } from '../../src/store/alert-findings.ts';
import type { AlertFindings, AlertLimits } from '../../src/store/alert-findings.ts';
import type { AlertRule } from '../../src/store/alerts.ts';
import { addDeliveries, addEffect, addRun, countRefusals, forgetAlerts, setRuns } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const LIMITS: AlertLimits = { refusalsPerMinute: 6, backlogSeconds: 300, slowSeconds: 3_600, everyMs: 60_000, sources: [] };
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(() => forgetAlerts(database.pool));
afterAll(() => database.close());

const look = (limits: Partial<AlertLimits> = {}, failures: AlertRule[] = []): Promise<AlertFindings> =>
  findAlerts(database.pool, { ...LIMITS, ...limits }, (rule) => failures.push(rule));
const find = async (limits: Partial<AlertLimits> = {}) => (await look(limits)).found;
const run = (sql: string): Promise<void> => database.pool.session((session) => session.run(sql));

describe('findAlerts', () => {
  test('finds nothing where nothing is wrong', async () => {
    for (const state of ['pending', 'started', 'done', 'stopped', 'repair_requested']) await addRun(database.pool, { state });
    expect(await look()).toEqual({
      found: [],
      looked: new Set(['run.failed', 'run.taskFailing', 'effect.unknown', 'backlog.old', 'run.slow', 'source.silent', 'refusals.spike']),
    });
  });

  test('counts the failed runs of each chain, and names the event of the newest', async () => {
    await addRun(database.pool, { eventId: 'evt_first' });
    await addRun(database.pool, { eventId: 'evt_second' });
    await addRun(database.pool, { eventId: 'evt_third', chain: 'order-paid' });
    expect(await find()).toEqual([
      { rule: 'run.failed', target: 'new-order', count: 2, detail: 'evt_second' },
      { rule: 'run.failed', target: 'order-paid', count: 1, detail: 'evt_third' },
    ]);
  });

  test('counts unknown effects of each action, but for those whose run is under way and may settle them', async () => {
    const stopped = await addRun(database.pool, { state: 'stopped', eventId: 'evt_stopped' });
    const started = await addRun(database.pool, { state: 'started' });
    for (const uuid of [stopped, started]) await addEffect(database.pool, uuid);
    await addEffect(database.pool, stopped, 'done', 'other-ledger');
    expect(await find()).toEqual([{ rule: 'effect.unknown', target: 'email.send', count: 1, detail: 'evt_stopped' }]);
    await setRuns(database.pool, 'stopped', started);
    expect(await find()).toMatchObject([{ rule: 'effect.unknown', count: 2 }]);
  });

  test('takes more refusals of a source in one minute than allowed for a spike, counted ones included, and names the main cause', async () => {
    await addDeliveries(database.pool, { count: 2, outcome: 'refused', cause: 'signature.missing' });
    await addDeliveries(database.pool, { count: 50, outcome: 'accepted' });
    await countRefusals(database.pool, { count: 4, cause: 'signature.mismatch' });
    await countRefusals(database.pool, { count: 3, cause: 'signature.stale', agoMinutes: 1 });
    await countRefusals(database.pool, { count: 1_000, cause: 'signature.stale', agoMinutes: 10 });
    expect(await find()).toEqual([]);
    await countRefusals(database.pool, { count: 7, cause: 'request.tooLarge' });
    expect(await find()).toMatchObject([{ rule: 'refusals.spike', target: 'shop', detail: 'request.tooLarge' }]);
  });

  test('still sees a spike that was over before a look, when looks are rare', async () => {
    await countRefusals(database.pool, { count: 7, cause: 'signature.stale', agoMinutes: 5 });
    expect(await find()).toEqual([]);
    expect(await find({ everyMs: 300_000 })).toMatchObject([{ rule: 'refusals.spike', count: 7 }]);
  });

  test('finds runs that Temporal has not carried on for a minute, by chain, and names the event of the first', async () => {
    const uuids = [];
    for (const eventId of ['evt_first', 'evt_second']) uuids.push(await addRun(database.pool, { state: 'started', eventId }));
    await addRun(database.pool, { state: 'started' });
    await run(
      `UPDATE runs SET stuck_since = now() - interval '59 seconds', started_at = now() - interval '1 day' WHERE event_uuid IN ('${uuids.join(`','`)}')`,
    );
    expect(await find()).toEqual([]);
    await run(`UPDATE runs SET stuck_since = stuck_since - interval '1 second'`);
    expect(await find()).toEqual([{ rule: 'run.taskFailing', target: 'new-order', count: 2, detail: 'evt_first' }]);
    await setRuns(database.pool, 'done');
    expect(await find()).toEqual([]);
  });

  describe('of runs that are under way', () => {
    const age = (eventUuid: string, seconds: number): Promise<void> =>
      run(`UPDATE runs SET started_at = now() - ${seconds} * interval '1 second' WHERE event_uuid = '${eventUuid}'`);
    const slow = async (eventId: string, seconds = 3_601, chain = 'new-order'): Promise<string> => {
      const uuid = await addRun(database.pool, { state: 'started', eventId, chain });
      await age(uuid, seconds);
      return uuid;
    };

    test('finds those that take too long, by chain and by the action that they stand at, and names the event of the oldest', async () => {
      await addEffect(database.pool, await slow('evt_mail_2', 4_000), 'intended');
      await addEffect(database.pool, await slow('evt_mail_1', 5_000), 'sending');
      await addEffect(database.pool, await slow('evt_between'), 'done');
      await slow('evt_quick', 3_500);
      await slow('evt_other', 3_700, 'order-paid');
      expect((await find()).toSorted((a, b) => a.target.localeCompare(b.target))).toEqual([
        { rule: 'run.slow', target: 'new-order', count: 1, detail: 'evt_between' },
        { rule: 'run.slow', target: 'new-order at email.send', count: 2, detail: 'evt_mail_1' },
        { rule: 'run.slow', target: 'order-paid', count: 1, detail: 'evt_other' },
      ]);
      expect(await find({ slowSeconds: 6_000 })).toEqual([]);
    });

    test.each([
      ['their source', `('pause', 'source', 'shop', now(), 'test')`],
      ['their chain', `('pause', 'chain', 'new-order', now(), 'test')`],
      ['everything', `('hold', 'all', '*', now(), 'test')`],
      ['any agent', `('pause', 'agent', 'email', now(), 'test')`],
      ['any adapter', `('pause', 'adapter', 'mail', now(), 'test')`],
    ])('finds none of what waits for %s, which is paused, nor of what has had no hour since', async (_what, row) => {
      await slow('evt_paused');
      await run(`INSERT INTO switches (verb, kind, name, since, by) VALUES ${row}`);
      expect(await find()).toEqual([]);
      await run('TRUNCATE switches');
      expect(await find()).toEqual([]);
      await run(`UPDATE alert_stops SET seen_at = now() - interval '59 minutes'`);
      expect(await find()).toEqual([]);
      await run(`UPDATE alert_stops SET seen_at = now() - interval '61 minutes'`);
      expect(await find()).toMatchObject([{ rule: 'run.slow', detail: 'evt_paused' }]);
    });
  });

  describe('of a source that may be silent for an hour', () => {
    const sources = [{ name: 'shop', silentAfterHours: 1 }];
    const anHour = 3_600;

    test('finds it once its last delivery is older, and not when another has come', async () => {
      await addDeliveries(database.pool, { agoSeconds: anHour - 60 });
      expect(await find({ sources })).toEqual([]);
      await run(`UPDATE alert_sources SET heard_at = now() - interval '61 minutes'`);
      await run('TRUNCATE deliveries');
      expect(await find({ sources })).toMatchObject([
        { rule: 'source.silent', target: 'shop', count: 1, detail: expect.stringMatching(/^20.*Z$/) as string },
      ]);
      await addDeliveries(database.pool, { outcome: 'quarantined' });
      expect(await find({ sources })).toEqual([]);
    });

    test('takes refused deliveries for no sign of life, for anybody can send them', async () => {
      await addDeliveries(database.pool, { agoSeconds: anHour - 60 });
      await find({ sources });
      await run(`UPDATE alert_sources SET heard_at = now() - interval '61 minutes'`);
      await run('TRUNCATE deliveries');
      await addDeliveries(database.pool, { outcome: 'refused', cause: 'signature.mismatch' });
      await addDeliveries(database.pool, { source: 'other' });
      expect(await find({ sources })).toMatchObject([{ rule: 'source.silent', target: 'shop' }]);
    });

    test('counts from when it was first configured where nothing has ever come, and anew where it was away', async () => {
      expect(await find({ sources })).toEqual([]);
      await run(`UPDATE alert_sources SET first_seen = now() - interval '61 minutes'`);
      expect(await find({ sources })).toEqual([{ rule: 'source.silent', target: 'shop', count: 1, detail: null }]);
      expect(await find()).toEqual([]);
      expect(await find({ sources })).toEqual([]);
    });
  });

  test('looks at the other rules where one cannot be looked at, and says which could', async () => {
    await addRun(database.pool);
    const failures: AlertRule[] = [];
    await run('ALTER TABLE effects RENAME TO effects_away');
    const findings = await look({}, failures);
    await run('ALTER TABLE effects_away RENAME TO effects');
    expect(failures).toEqual(['effect.unknown', 'run.slow']); // both look at effects
    expect(findings.found).toMatchObject([{ rule: 'run.failed' }]);
    expect(findings.looked).toEqual(new Set(['run.failed', 'run.taskFailing', 'backlog.old', 'source.silent', 'refusals.spike']));
  });
});
