import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, ORDER } from '../../suites/interpreting.ts';
import type { EventWish } from '../../store/make-delivery.ts';
import { startApi, type Answer, type ApiFixture } from './api-fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const sql = (text: string): Promise<void> => api.database.pool.session((session) => session.run(text));
const post = (url: string, body: unknown = {}): Promise<Answer> => api.ask(url, { method: 'POST', body });

/** An event of an order, with a body that can be read anew, and what its run and its mail are. */
async function make({ run, mail, ...wish }: Partial<EventWish> & { readonly run?: string; readonly mail?: string } = {}): Promise<string> {
  const eventId = wish.eventId ?? randomUUID();
  const body = JSON.stringify(envelope(ORDER, { event_id: eventId }));
  const uuid = await api.take({ source: 'shop', body, headers: [], events: [{ ...wish, eventId }] });
  const detail = `state = '${run ?? 'pending'}', code = ${run === 'failed' ? `'effect.unknown'` : 'NULL'}`;
  await sql(`UPDATE runs SET ${detail} WHERE event_uuid = '${uuid}'`);
  if (mail !== undefined)
    await sql(`INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, sends)
               VALUES ('${uuid}', 'new-order', 'email.sendOrderConfirmation', '0', 0, '${mail}', 1, 'r', 1)`);
  return uuid;
}

const newestAudit = async (): Promise<unknown> => ((await api.ask('/api/audit?limit=1')).json['audit'] as readonly unknown[])[0];

describe('a replay', () => {
  test('of a failed run starts it again as the next attempt, and is written down with who has asked', async () => {
    const uuid = await make({ eventId: 'r1', run: 'failed' });
    const answer = await api.ask(`/api/events/${uuid}/replay`, {
      method: 'POST',
      body: {},
      headers: { 'x-hookline-operator': 'anna\u001b[2J' },
    });
    expect(answer.json).toMatchObject({
      event: { uuid, eventId: 'r1', source: 'shop' },
      did: 'repaired',
      runs: [{ chain: 'new-order', state: 'repair_requested', attempt: 2 }],
    });
    expect(await newestAudit()).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      actor: 'local (anna2J)',
      role: 'admin',
      action: 'event.replay',
      target: uuid,
      detail: { source: 'shop', eventId: 'r1', did: 'repaired', chains: ['new-order'] },
    });
  });

  test('that finds nothing to do says why, and leaves no audit row', async () => {
    const uuid = await make({ run: 'done' });
    const before = await api.audited();
    expect((await post(`/api/events/${uuid}/replay`)).json).toMatchObject({
      did: 'nothing',
      reason: 'everything is done; `--again` would do it once more',
    });
    expect(await api.audited()).toBe(before);
  });

  test('of a chain that the event has not is refused, and so is one of nobody', async () => {
    const uuid = await make({ run: 'failed' });
    expect(await post(`/api/events/${uuid}/replay`, { chain: 'other' })).toMatchObject({
      status: 400,
      json: { error: { code: 'api.badRequest', fix: 'it has `new-order`' } },
    });
    expect((await post(`/api/events/${randomUUID()}/replay`)).status).toBe(404);
    expect((await post('/api/events/none/replay')).status).toBe(400);
  });

  test('of an event that no chain has taken reads it anew, and routes it', async () => {
    const uuid = await make({ state: 'quarantined', code: 'event.schemaMismatch', data: null });
    expect((await post(`/api/events/${uuid}/replay`)).json).toMatchObject({
      did: 'routed',
      runs: [{ chain: 'new-order', state: 'pending' }],
    });
    expect((await api.ask(`/api/events/${uuid}`)).json).toMatchObject({ event: { state: 'routed', code: null } });
  });

  test('of an event whose body is gone does nothing, by the code that says so', async () => {
    const uuid = await make({ state: 'quarantined', code: 'event.schemaMismatch', data: null });
    await sql(`UPDATE deliveries SET body = NULL WHERE id = (SELECT delivery_id FROM events WHERE uuid = '${uuid}')`);
    expect((await post(`/api/events/${uuid}/replay`)).json).toMatchObject({
      did: 'nothing',
      reason: expect.stringContaining('event.bodyGone'),
    });
  });
});

describe('a replay of what is done', () => {
  test('shows the effects that it would repeat, and does so by their fingerprint', async () => {
    const uuid = await make({ run: 'done', mail: 'done' });
    const shown = await api.ask(`/api/events/${uuid}/replay?again=true`);
    expect(shown.json).toMatchObject({
      runs: [{ chain: 'new-order', state: 'done' }],
      effects: [{ action: 'email.sendOrderConfirmation', sends: 1 }],
      expect: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: null,
    });
    const { expect: fingerprint } = shown.json;
    expect((await post(`/api/events/${uuid}/replay`, { again: true, expect: fingerprint })).json).toMatchObject({
      did: 'repeated',
      runs: [{ attempt: 2, round: 1 }],
    });
  });

  test('is refused without a fingerprint, and where the ledger has changed since', async () => {
    const uuid = await make({ run: 'done', mail: 'done' });
    expect(await post(`/api/events/${uuid}/replay`, { again: true })).toMatchObject({
      status: 400,
      json: { error: { where: 'body.expect' } },
    });
    const { expect: fingerprint } = (await api.ask(`/api/events/${uuid}/replay?again=true`)).json;
    await sql(`UPDATE effects SET sends = 2 WHERE event_uuid = '${uuid}'`);
    const before = await api.audited();
    expect(await post(`/api/events/${uuid}/replay`, { again: true, expect: fingerprint })).toMatchObject({
      status: 409,
      json: { error: { code: 'api.conflict', got: 'one that has changed since' } },
    });
    expect((await api.ask(`/api/events/${uuid}`)).json).toMatchObject({ runs: [{ state: 'done', attempt: 1 }] });
    expect(await api.audited()).toBe(before);
  });

  test('has nothing to show while it is under way', async () => {
    const uuid = await make({ run: 'started' });
    expect((await api.ask(`/api/events/${uuid}/replay?again=true`)).json).toMatchObject({
      effects: [],
      expect: null,
      reason: 'new-order is started; what is under way cannot be done again',
    });
  });
});

describe('a replay of many', () => {
  test('counts first, then starts each once, page by page, oldest first, and is written down by page', async () => {
    const chain = 'sync-customer';
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push(await make({ run: 'failed', chains: [chain] }));
    await make({ run: 'done', chains: [chain] });
    const filter = { state: 'failed', chain };
    const before = await api.audited();
    const groups = [{ chain, code: 'effect.unknown', runs: 5 }];
    expect((await post('/api/replays', { filter, dryRun: true })).json).toEqual({ matched: 5, groups, asked: 0, skipped: [], next: null });
    expect(await api.audited()).toBe(before);

    const first = await post('/api/replays', { filter, limit: 2 });
    expect(first.json).toMatchObject({ matched: 5, asked: 2, next: expect.any(String) });
    await sql(`UPDATE runs SET state = 'failed' WHERE event_uuid = '${made[0]}'`); // has failed again: not once more
    const second = await post('/api/replays', { filter, limit: 2, cursor: first.json['next'] });
    const third = await post('/api/replays', { filter, limit: 2, cursor: second.json['next'] });
    expect([second.json, third.json]).toMatchObject([{ asked: 2 }, { asked: 1, next: null }]);
    const { rows } = await api.database.pool.query<{ readonly attempt: number }>({
      name: 'test.attempts',
      text: 'SELECT attempt FROM runs WHERE event_uuid = ANY ($1::uuid[]) ORDER BY event_uuid',
      values: [made],
    });
    expect(rows.map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2, 2]);
    expect(await api.audited()).toBe(before + 3);
    expect(await newestAudit()).toMatchObject({ action: 'run.replayMany', target: 'failed', detail: { chain, asked: 1 } });
  });

  test('leaves out what has no data any more, and says so', async () => {
    const chain = 'follow-ticket';
    const uuid = await make({ run: 'failed', chains: [chain] });
    await sql(`UPDATE events SET data = NULL WHERE uuid = '${uuid}';
               UPDATE deliveries SET body = NULL WHERE id = (SELECT delivery_id FROM events WHERE uuid = '${uuid}')`);
    expect((await post('/api/replays', { filter: { state: 'failed', chain } })).json).toMatchObject({
      asked: 0,
      skipped: [{ eventUuid: uuid, chain, reason: expect.stringContaining('event.bodyGone') }],
    });
  });

  test.each([
    { filter: { state: 'done' } },
    { filter: { state: 'failed' }, limit: 501 },
    { filter: { state: 'failed' }, cursor: 'xyz' },
    {},
  ])('refuses %j', async (body) => {
    expect((await post('/api/replays', body)).status).toBe(400);
  });
});
