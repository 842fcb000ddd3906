import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performState, type Performed } from '../../src/activities/state-ledger.ts';
import { stateAction, type StateAction } from '../../src/activities/define-agent.ts';
import type { ActionCall } from '../../src/contracts/run.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.session((session) => session.run('CREATE TABLE marks (name text NOT NULL)'));
});
afterAll(() => database.close());

const mark = (name: string): StateAction<unknown, unknown> =>
  stateAction(async (_input, { db, effectKey }) => {
    await db.query({ name: 'test.mark', text: 'INSERT INTO marks VALUES ($1)', values: [name] });
    return { effectKey };
  });
const perform = (ledgerCall: ReturnType<typeof from>, action: StateAction<unknown, unknown>, dryAction = action): Promise<Performed> =>
  performState(database.pool, { ...ledgerCall, action, dryAction });
const marksOf = async (name: string): Promise<number> => {
  const { rows } = await database.pool.query<{ count: string }>({
    name: 'test.marks',
    text: 'SELECT count(*) FROM marks WHERE name = $1',
    values: [name],
  });
  return Number(rows[0]?.count);
};
const stateOf = async ({ eventUuid, action }: ActionCall): Promise<readonly string[]> => {
  const { rows } = await database.pool.query<{ state: string }>({
    name: 'test.states',
    text: 'SELECT state FROM effects WHERE event_uuid = $1 AND action = $2 ORDER BY round',
    values: [eventUuid, action],
  });
  return rows.map(({ state }) => state);
};
const release = (reserve: ActionCall, overrides: Partial<ActionCall> = {}): ActionCall => ({
  ...reserve,
  action: 'inventory.release',
  undoes: 'inventory.reserve',
  ...overrides,
});

describe('performState', () => {
  it('does an action once and returns its result ever after, in each attempt', async () => {
    const call = callOf();
    const first = await perform(from('run-1', call), mark('once'));
    const again = await perform(from('run-2', { ...call, attempt: 2 }), mark('once'));
    expect(again).toMatchObject({ result: first.result, fromLedger: true });
    expect(await marksOf('once')).toBe(1);
  });

  it('does an action once when twenty workers do it at once', async () => {
    const call = callOf();
    const results = await Promise.all(Array.from({ length: 20 }, () => perform(from('run-1', call), mark('twenty'))));
    expect(results.filter(({ fromLedger }) => !fromLedger)).toHaveLength(1);
    expect(await marksOf('twenty')).toBe(1);
  });

  it('leaves nothing behind when the action throws, so that it can be done later', async () => {
    const call = callOf();
    const failing = stateAction(async (_input, { db }) => {
      await db.query({ name: 'test.mark', text: 'INSERT INTO marks VALUES ($1)', values: ['failing'] });
      throw new Error('no');
    });
    await expect(perform(from('run-1', call), failing)).rejects.toThrow('no');
    expect(await stateOf(call)).toEqual([]);
    await perform(from('run-1', call), mark('failing'));
    expect(await marksOf('failing')).toBe(1);
  });

  it('stops a run whose key stands for another input than before', async () => {
    const call = callOf();
    await perform(from('run-1', call, { sku: 'a' }), mark('input'));
    await expect(perform(from('run-2', { ...call, attempt: 2 }, { sku: 'b' }), mark('input'))).rejects.toMatchObject({
      code: 'ledger.inputChanged',
    });
  });

  it('does a higher round again, and gives it another effect key', async () => {
    const call = callOf();
    const first = await perform(from('run-1', call), mark('round'));
    const second = await perform(from('run-2', { ...call, attempt: 2, round: 1 }), mark('round'));
    expect(second.fromLedger).toBe(false);
    expect(second.result).not.toEqual(first.result);
  });

  it('cancels a statement that takes longer than the action may', async () => {
    const slow = stateAction(async (_input, { db }) => {
      await db.query({ name: 'test.sleep', text: 'SELECT pg_sleep(20)' });
    });
    await expect(perform(from('run-1', callOf()), slow)).rejects.toThrow();
  });
});

describe('undo', () => {
  it('undoes once, and a later attempt does and undoes again in the next round', async () => {
    const reserve = callOf();
    for (const attempt of [1, 2, 3]) {
      const run = `run-${attempt}`;
      expect((await perform(from(run, { ...reserve, attempt }), mark('do'))).fromLedger).toBe(false);
      expect((await perform(from(run, release(reserve, { attempt })), mark('undo'))).fromLedger).toBe(false);
      expect((await perform(from(run, release(reserve, { attempt })), mark('undo'))).fromLedger).toBe(true);
    }
    expect([await marksOf('do'), await marksOf('undo')]).toEqual([3, 3]);
    expect(await stateOf(reserve)).toEqual(['undone', 'undone', 'undone']);
  });

  it('is a no-op for what never happened, and keeps a zombie of the same run from doing it after all', async () => {
    const reserve = callOf();
    await perform(from('run-1', release(reserve)), mark('undo-nothing'));
    expect(await marksOf('undo-nothing')).toBe(0);
    await expect(perform(from('run-1', reserve), mark('zombie'))).rejects.toMatchObject({
      code: 'ledger.undone',
    });
    await perform(from('run-2', { ...reserve, attempt: 2 }), mark('zombie'));
    expect(await marksOf('zombie')).toBe(1);
  });

  it('refuses a zombie of an earlier attempt what a later one has done or undone', async () => {
    const reserve = callOf();
    await perform(from('run-1', reserve), mark('fence'));
    await perform(from('run-1', release(reserve)), mark('fence-undo'));
    await perform(from('run-2', { ...reserve, attempt: 2 }), mark('fence'));
    await expect(perform(from('run-1', release(reserve)), mark('fence-undo'))).rejects.toMatchObject({
      code: 'effect.fenced',
    });
    await perform(from('run-2', release(reserve, { attempt: 2 })), mark('fence-undo'));
    await expect(perform(from('run-1', reserve), mark('fence'))).rejects.toMatchObject({
      code: 'effect.fenced',
    });
    expect([await marksOf('fence'), await marksOf('fence-undo')]).toEqual([2, 2]);
  });

  it('undoes or forbids, never both or neither, when it races with what it undoes', async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const reserve = callOf();
      const [done, undone] = await Promise.allSettled([
        perform(from('run-1', reserve), mark(`race-do-${turn}`)),
        perform(from('run-1', release(reserve)), mark(`race-undo-${turn}`)),
      ]);
      expect(undone.status).toBe('fulfilled');
      expect(await marksOf(`race-undo-${turn}`)).toBe(done.status === 'fulfilled' ? 1 : 0);
      expect(await stateOf(reserve)).toEqual(['undone']);
    }
  });
});
