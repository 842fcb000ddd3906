import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createInbox } from '../../src/store/inbox.ts';
import type { SeenEffect } from '../../src/store/effects.ts';
import { markSending, settleEffect, takeOver } from '../../src/store/ledger.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf } from '../support/ledger-calls.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery } from './make-delivery.ts';

const RUN_ID = 'run-1';
const AS_SENT = { verdict: 'sent', replay: true } as const;
const AGAIN = { verdict: 'sendAgain', replay: true } as const;

describe('an effect of which nobody knows whether it has happened', () => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await createDatabase();
    store = createStore({ pool: database.pool });
  });
  afterAll(() => database.close());

  /** An event whose run is in a state, and whose mail is. */
  const make = async (runState = 'failed', effectState = 'unknown', source = 'shop'): Promise<SeenEffect> => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const [added] = await inbox.add(makeDelivery({ source }));
    await inbox.close();
    const eventUuid = added?.eventUuid ?? '';
    await database.pool.query({
      name: 'test.run',
      text: `UPDATE runs SET state = $2, code = 'effect.unknown' WHERE event_uuid = $1`,
      values: [eventUuid, runState],
    });
    await database.pool.query({
      name: 'test.effect',
      text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, sends) VALUES ($1, 'new-order', 'email.send', '0', 0, $2, 1, $3, 1)`,
      values: [eventUuid, effectState, RUN_ID],
    });
    return { eventUuid, ledger: 'new-order', action: 'email.send', key: '0', round: 0, sends: 1 };
  };
  const look = async ({ eventUuid }: SeenEffect) => {
    const whole = await store.events.get(eventUuid);
    return { effect: whole?.effects[0], run: whole?.runs[0] };
  };

  test('that has happened counts as done, and its failed run starts again as the next attempt', async () => {
    const seen = await make();
    expect(await store.effects.resolve(seen, AS_SENT)).toMatchObject({ ok: true, runs: [{ chain: 'new-order', attempt: 2 }] });
    expect(await look(seen)).toMatchObject({
      effect: {
        state: 'done',
        sends: 1,
        result: null,
        detail: expect.stringMatching(/^resolved by an operator, as sent, at 20.*Z$/) as string,
      },
      run: { state: 'repair_requested', attempt: 2 },
    });
  });

  test('that has not happened is intended again, so that the next attempt may take and send it', async () => {
    const seen = await make();
    expect(await store.effects.resolve(seen, AGAIN)).toMatchObject({ ok: true, runs: [{ attempt: 2 }] });
    expect(await look(seen)).toMatchObject({ effect: { state: 'intended', sends: 1 }, run: { state: 'repair_requested' } });
    const call = callOf({ ...seen, attempt: 2 });
    expect(await takeOver(database.pool, { call, round: 0, runId: 'run-2', sends: 1, dry: false })).toEqual({ dry: false });
    expect(await markSending(database.pool, { call, chain: 'new-order', round: 0, runId: 'run-2', sends: 1 })).toEqual({ sending: true });
    expect(await look(seen)).toMatchObject({ effect: { state: 'sending', sends: 2 } });
  });

  test('leaves the run as it is without a replay, and one that a person has stopped in any case', async () => {
    const kept = await make();
    expect(await store.effects.resolve(kept, { ...AS_SENT, replay: false })).toEqual({ ok: true, runs: [] });
    expect(await look(kept)).toMatchObject({ effect: { state: 'done' }, run: { state: 'failed', attempt: 1 } });
    const stopped = await make('stopped');
    expect(await store.effects.resolve(stopped, AGAIN)).toEqual({ ok: true, runs: [] });
    expect(await look(stopped)).toMatchObject({ effect: { state: 'intended' }, run: { state: 'stopped', attempt: 1 } });
  });

  test.each(['intended', 'sending', 'done', 'undone'])('is not settled by a person where the row says %s', async (state) => {
    const seen = await make('failed', state);
    expect(await store.effects.resolve(seen, AS_SENT)).toMatchObject({ ok: false });
    expect(await look(seen)).toMatchObject({ effect: { state }, run: { state: 'failed', attempt: 1 } });
  });

  test.each(['pending', 'started', 'repair_requested'])('is not settled while its run is %s', async (state) => {
    const seen = await make(state);
    expect(await store.effects.resolve(seen, AGAIN)).toMatchObject({ ok: false, reason: expect.stringContaining('under way') as string });
    expect(await look(seen)).toMatchObject({ effect: { state: 'unknown' }, run: { state } });
  });

  test('is not sent again for a run that is done, since nothing would send it', async () => {
    const seen = await make('done');
    expect(await store.effects.resolve(seen, AGAIN)).toMatchObject({ ok: false, reason: expect.stringContaining('--again') as string });
    expect(await store.effects.resolve(seen, AS_SENT)).toEqual({ ok: true, runs: [] });
    expect(await look(seen)).toMatchObject({ effect: { state: 'done' }, run: { state: 'done' } });
  });

  test('is left to a sender that has sent it once more since the person looked', async () => {
    const seen = await make();
    const call = callOf({ ...seen, attempt: 1 });
    expect(await markSending(database.pool, { call, chain: 'new-order', round: 0, runId: RUN_ID, sends: 1 })).toEqual({ sending: true });
    await settleEffect(database.pool, { call, round: 0, sends: 2, state: 'unknown' });
    expect(await store.effects.resolve(seen, AS_SENT)).toMatchObject({ ok: false });
    expect(await look(seen)).toMatchObject({ effect: { state: 'unknown', sends: 2 }, run: { attempt: 1 } });
  });

  test('takes no late word, and no more sendings, of a sender that is still alive once it counts as sent', async () => {
    const seen = await make();
    await store.effects.resolve(seen, AS_SENT);
    const call = callOf({ ...seen, attempt: 1 });
    expect(await markSending(database.pool, { call, chain: 'new-order', round: 0, runId: RUN_ID, sends: 1 })).toMatchObject({
      sending: false,
    });
    expect(await settleEffect(database.pool, { call, round: 0, sends: 1, state: 'unknown' })).toBe(false);
    expect(await look(seen)).toMatchObject({ effect: { state: 'done' } });
  });

  test('is listed by state, source and action, that of the newest event first', async () => {
    const first = await make('failed', 'unknown', 'listed');
    const second = await make('failed', 'unknown', 'listed');
    await make('done', 'done', 'listed');
    const list = await store.effects.list({ source: 'listed', state: 'unknown', limit: 10 });
    expect(list.map(({ eventUuid }) => eventUuid)).toEqual([second.eventUuid, first.eventUuid]);
    expect(list[0]).toMatchObject({ source: 'listed', action: 'email.send', state: 'unknown', sends: 1 });
    expect(await store.effects.list({ source: 'listed', limit: 10 })).toHaveLength(3);
    expect(await store.effects.list({ source: 'listed', action: 'email.other', limit: 10 })).toEqual([]);
  });
});
