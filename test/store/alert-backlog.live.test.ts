import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findOldBacklog } from '../../src/store/alert-backlog.ts';
import { transaction } from '../../src/store/pool.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { addRun, forgetAlerts, setRuns } from '../support/alert-rows.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

const SECONDS = 300;
const ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
beforeEach(() => forgetAlerts(database.pool));
afterAll(() => database.close());

const find = () => transaction(database.pool, (tx) => findOldBacklog(tx, { seconds: SECONDS }));
const run = (sql: string): Promise<void> => database.pool.session((session) => session.run(sql));
/** Puts all that the looks have written so far back. */
const pass = (seconds: number): Promise<void> =>
  run(`UPDATE alert_marks SET at = at - interval '${seconds} s'; UPDATE alert_restarts SET first_seen = first_seen - interval '${seconds} s';
       UPDATE alert_stops SET seen_at = seen_at - interval '${seconds} s'`);

describe('findOldBacklog', () => {
  test('finds runs that have waited for their start for so long, and names the event of the first', async () => {
    await addRun(database.pool, { state: 'pending', eventId: 'evt_z' });
    await addRun(database.pool, { state: 'pending', eventId: 'evt_a' });
    expect(await find()).toEqual([]);
    await pass(SECONDS - 1);
    expect(await find()).toEqual([]);
    await pass(1);
    await addRun(database.pool, { state: 'pending' });
    expect(await find()).toEqual([{ target: '*', count: 2, detail: 'evt_z' }]);
    await setRuns(database.pool, 'started');
    expect(await find()).toEqual([]);
  });

  test('counts a run from when it was made, and not from the receipt of an event that was held for days', async () => {
    await find();
    await pass(SECONDS);
    const uuid = await addRun(database.pool, { state: 'pending' });
    await run(`UPDATE events SET received_at = now() - interval '3 days' WHERE uuid = '${uuid}'`);
    expect(await find()).toEqual([]);
  });

  test('counts a repair from when it was seen to be asked for, each attempt anew', async () => {
    const uuid = await addRun(database.pool, { state: 'failed', eventId: 'evt_old' });
    await find();
    await pass(10 * SECONDS);
    await setRuns(database.pool, 'repair_requested');
    expect(await find()).toEqual([]);
    await pass(SECONDS);
    expect(await find()).toEqual([{ target: '*', count: 1, detail: 'evt_old' }]);
    await run(`UPDATE runs SET attempt = attempt + 1 WHERE event_uuid = '${uuid}'`);
    expect(await find()).toEqual([]);
  });

  test('counts a run that Temporal had forgotten from when it waits again', async () => {
    const uuid = await addRun(database.pool, { state: 'started' });
    await find();
    await pass(10 * SECONDS);
    await run(`UPDATE runs SET state = 'pending', restarts = 1 WHERE event_uuid = '${uuid}'`);
    expect(await find()).toEqual([]);
    await pass(SECONDS);
    expect(await find()).toMatchObject([{ count: 1 }]);
  });

  test.each<Switch>([
    ALL,
    { verb: 'hold', kind: 'source', name: 'shop' },
    { verb: 'pause', kind: 'source', name: 'shop' },
    { verb: 'pause', kind: 'chain', name: 'new-order' },
  ])('says nothing of what $verb $kind $name has stopped, and gives it as long again to catch up', async (stop) => {
    await addRun(database.pool, { state: 'pending' });
    await setRuns(database.pool, 'repair_requested', await addRun(database.pool));
    await setSwitch(database.pool, stop, { by: 'test', reason: null });
    await find();
    await pass(10 * SECONDS);
    expect(await find()).toEqual([]);
    await clearSwitch(database.pool, stop);
    await pass(SECONDS - 1);
    expect(await find()).toEqual([]);
    await pass(SECONDS);
    expect(await find()).toMatchObject([{ count: 2 }]);
  });

  test('still speaks of the others while something is paused', async () => {
    await addRun(database.pool, { state: 'pending', chain: 'order-paid' });
    await addRun(database.pool, { state: 'pending', eventId: 'evt_of_others' });
    await setSwitch(database.pool, { verb: 'pause', kind: 'chain', name: 'order-paid' }, { by: 'test', reason: null });
    await setSwitch(database.pool, { verb: 'pause', kind: 'agent', name: 'email' }, { by: 'test', reason: null });
    await find();
    await pass(SECONDS);
    expect(await find()).toEqual([{ target: '*', count: 1, detail: 'evt_of_others' }]);
  });

  test('remembers no more marks than it takes', async () => {
    for (let look = 0; look < 30; look++) {
      await find();
      await pass(SECONDS / 20);
    }
    const { rows } = await database.pool.query<{ readonly marks: number }>({
      name: 'test.marks',
      text: 'SELECT count(*)::int AS marks FROM alert_marks',
    });
    expect(rows[0]?.marks).toBeGreaterThanOrEqual(10);
    expect(rows[0]?.marks).toBeLessThanOrEqual(12);
  });
});
