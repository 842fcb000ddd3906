import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { effectAction, stateAction, type EffectAction, type StateAction } from '../../src/activities/define-agent.ts';
import { performEffect } from '../../src/activities/effect-ledger.ts';
import { performState } from '../../src/activities/state-ledger.ts';
import type { ActionCall } from '../../src/contracts/run.ts';
import type { AdapterName } from '../../src/store/stops.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

let database: TestDatabase;
const set = new Set<Switch>();
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const one of set) await clearSwitch(database.pool, one);
  set.clear();
});
afterAll(() => database.close());

const stop = async (one: Switch): Promise<void> => {
  set.add(one);
  await setSwitch(database.pool, one, { by: 'test', reason: null });
};
const release = (one: Switch): Promise<boolean> => clearSwitch(database.pool, one);

const PAUSE_EMAIL: Switch = { verb: 'pause', kind: 'agent', name: 'email' };
const never = new AbortController().signal;
const mailCall = (overrides: Partial<ActionCall> = {}): ActionCall => callOf({ action: 'email.send', ...overrides });
const sendBy = (adapter: AdapterName | undefined, sent: string[], before?: () => Promise<void>): EffectAction<unknown, unknown> =>
  effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending, effectKey }) => {
    await before?.();
    await sending(adapter);
    sent.push(effectKey);
  });
const effect = (call: ActionCall, action: EffectAction<unknown, unknown>) =>
  performEffect(database.pool, { ...from('run-1', call), action, dryAction: action, signal: never });
const state = (call: ActionCall, action: StateAction<unknown, unknown>) =>
  performState(database.pool, { ...from('run-1', call), action, dryAction: action });
const nothing = (): StateAction<unknown, unknown> => stateAction(async () => ({ done: true }));
const statesOf = async ({ eventUuid }: ActionCall): Promise<readonly string[]> =>
  (
    await database.pool.query<{ line: string }>({
      name: 'test.states',
      text: `SELECT action || ' ' || state || ' ' || sends AS line FROM effects WHERE event_uuid = $1 ORDER BY 1`,
      values: [eventUuid],
    })
  ).rows.map(({ line }) => line);

describe('a paused action', () => {
  it.each<[string, Switch, object]>([
    ['its agent', PAUSE_EMAIL, { code: 'action.paused', message: 'action.paused: in `pause agent email`' }],
    ['its source', { verb: 'pause', kind: 'source', name: 'shop' }, { message: 'action.paused: in `pause source shop`' }],
    ['its chain', { verb: 'pause', kind: 'chain', name: 'new-order' }, { message: 'action.paused: in `pause chain new-order`' }],
    ['everything', { verb: 'hold', kind: 'all', name: '*' }, { message: 'action.paused: in `hold all`' }],
  ])('waits while %s is stopped, leaves no row, and goes on after it', async (_what, one, expected) => {
    const [mail, reserve, sent] = [mailCall(), callOf({ action: 'email.note' }), new Array<string>()];
    await stop(one);
    await expect(effect(mail, sendBy('mail', sent))).rejects.toMatchObject(expected);
    await expect(state(reserve, nothing())).rejects.toMatchObject(expected);
    expect([sent, await statesOf(mail), await statesOf(reserve)]).toEqual([[], [], []]);
    await release(one);
    await effect(mail, sendBy('mail', sent));
    await state(reserve, nothing());
    expect([sent.length, await statesOf(mail), await statesOf(reserve)]).toEqual([1, ['email.send done 1'], ['email.note done 0']]);
  });

  it.each<[string, Switch]>([
    ['another agent', { verb: 'pause', kind: 'agent', name: 'crm' }],
    ['another source', { verb: 'pause', kind: 'source', name: 'erp' }],
    ['another chain', { verb: 'pause', kind: 'chain', name: 'order-paid' }],
    ['another adapter', { verb: 'pause', kind: 'adapter', name: 'crm' }],
    ['a chain by the name of its agent', { verb: 'pause', kind: 'chain', name: 'email' }],
    ['new events of its source', { verb: 'hold', kind: 'source', name: 'shop' }],
  ])('is none where %s is stopped', async (_what, one) => {
    await stop(one);
    const sent: string[] = [];
    await effect(mailCall(), sendBy('mail', sent));
    expect(sent).toHaveLength(1);
  });

  it('sends nothing when the pause comes between its claim and its point of no return', async () => {
    const [call, sent] = [mailCall(), new Array<string>()];
    await expect(
      effect(
        call,
        sendBy('mail', sent, () => stop(PAUSE_EMAIL)),
      ),
    ).rejects.toMatchObject({ code: 'action.paused' });
    expect([sent, await statesOf(call)]).toEqual([[], ['email.send intended 0']]);
    await expect(effect(call, sendBy('mail', sent))).rejects.toMatchObject({ code: 'action.paused' });
    await release(PAUSE_EMAIL);
    await effect(call, sendBy('mail', sent));
    expect([sent.length, await statesOf(call)]).toEqual([1, ['email.send done 1']]);
  });

  it('is stopped by its adapter at its point of no return, where it names it', async () => {
    await stop({ verb: 'pause', kind: 'adapter', name: 'mail' });
    const [call, sent] = [mailCall(), new Array<string>()];
    await expect(effect(call, sendBy('mail', sent))).rejects.toMatchObject({ message: 'action.paused: in `pause adapter mail`' });
    expect([sent, await statesOf(call)]).toEqual([[], ['email.send intended 0']]);
    await effect(mailCall(), sendBy('crm', sent));
    await effect(mailCall(), sendBy(undefined, sent));
    expect(sent).toHaveLength(2);
  });

  it('ends normally where it was sending already', async () => {
    const call = mailCall();
    const sending = effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending: mark }) => {
      await mark('mail');
      await stop(PAUSE_EMAIL);
    });
    await effect(call, sending);
    expect(await statesOf(call)).toEqual(['email.send done 1']);
  });

  it('gives the result of what was done before all the same', async () => {
    const call = callOf({ action: 'email.note' });
    await state(call, nothing());
    await stop(PAUSE_EMAIL);
    expect(await state(call, nothing())).toMatchObject({ result: { done: true }, fromLedger: true });
  });

  it('is not handed to an operator as unknown before it goes on', async () => {
    const call = mailCall();
    await effect(call, sendBy('mail', []));
    await database.pool.query({
      name: 'test.sending',
      text: `UPDATE effects SET state = 'sending' WHERE event_uuid = $1`,
      values: [call.eventUuid],
    });
    await stop(PAUSE_EMAIL);
    await expect(effect(call, sendBy('mail', []))).rejects.toMatchObject({ code: 'action.paused' });
    await release(PAUSE_EMAIL);
    await expect(effect(call, sendBy('mail', []))).rejects.toMatchObject({ code: 'effect.unknown' });
  });

  it('undoes nothing meanwhile', async () => {
    const reserve = callOf();
    await state(reserve, nothing());
    const undo = { ...reserve, action: 'inventory.release', undoes: 'inventory.reserve' };
    const paused: Switch = { verb: 'pause', kind: 'agent', name: 'inventory' };
    await stop(paused);
    await expect(state(undo, nothing())).rejects.toMatchObject({ code: 'action.paused' });
    expect(await statesOf(reserve)).toEqual(['inventory.reserve done 0']);
    await release(paused);
    await state(undo, nothing());
    expect(await statesOf(reserve)).toEqual(['inventory.release done 0', 'inventory.reserve undone 0']);
  });

  it('tells of two switches the one that was set first, and how long ago by PostgreSQL’s clock', async () => {
    const [first, second]: readonly Switch[] = [{ verb: 'hold', kind: 'all', name: '*' }, PAUSE_EMAIL] as const;
    if (first === undefined || second === undefined) throw new Error('two switches');
    await stop(second);
    await stop(first);
    await database.pool.query({ name: 'test.age', text: `UPDATE switches SET since = now() - interval '1 hour' WHERE kind = 'all'` });
    const failure: unknown = await effect(mailCall(), sendBy('mail', [])).catch((error: unknown) => error);
    expect(failure).toMatchObject({ stop: { verb: 'hold', kind: 'all', ageMs: expect.closeTo(3_600_000, -5) as number } });
  });

  it('lets no effect through once the switch is committed, however many are under way', async () => {
    const sent: string[] = [];
    let committed = false;
    const late: string[] = [];
    const calls = Array.from({ length: 60 }, () => mailCall({ eventUuid: randomUUID() }));
    const marks = calls.map((call) => {
      const action = effectAction({ policy: 'atMostOnce' }, async (_input: unknown, { sending, effectKey }) => {
        const begunAfter = committed;
        await sending('mail');
        sent.push(effectKey);
        if (begunAfter) late.push(effectKey);
      });
      return effect(call, action).catch(() => undefined); // paused ones
    });
    await expect.poll(() => sent.length).toBeGreaterThan(0);
    await stop(PAUSE_EMAIL);
    committed = true;
    await Promise.all(marks);
    expect(late).toEqual([]);
    await release(PAUSE_EMAIL);
    const rest = sent.length;
    await Promise.all(calls.map((call) => effect(call, sendBy('mail', sent))));
    expect([sent.length, new Set(sent).size, rest <= 60]).toEqual([60, 60, true]);
  });
});
