import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envelope, ORDER } from '../../suites/interpreting.ts';
import type { EventWish } from '../../store/make-delivery.ts';
import { PROXY, startApi, type Answer, type ApiFixture } from './api-fixture.ts';

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

describe('a release of one event', () => {
  test('routes it whatever holds cover it', async () => {
    await api.ask('/api/switches/hold/source/shop', { method: 'PUT', body: {} });
    const uuid = await make({ eventId: 'held1', state: 'held', code: 'event.held' });
    const { json } = await api.ask(`/api/events/${uuid}/release`, { method: 'POST' });
    expect(json).toMatchObject({
      event: { uuid, eventId: 'held1' },
      did: 'released',
      state: 'routed',
      code: null,
      runs: [{ chain: 'new-order' }],
    });
    expect(await newestAudit()).toMatchObject({ action: 'event.release', target: uuid, detail: { eventId: 'held1', state: 'routed' } });
    await api.ask('/api/switches/hold/source/shop', { method: 'DELETE' });
    const before = await api.audited();
    const again = await api.ask(`/api/events/${uuid}/release`, { method: 'POST' });
    expect(again.json).toMatchObject({ did: 'nothing', reason: 'it is not held: it is routed' });
    expect(await api.audited()).toBe(before);
  });
});

describe('switches', () => {
  test.each([
    ['hold', 'all', '*'],
    ['hold', 'source', 'erp'],
    ['pause', 'source', 'shop'],
    ['pause', 'chain', 'new-order'],
    ['pause', 'agent', 'email'],
    ['pause', 'adapter', 'mail'],
  ])('%s %s %s is set once, with who and why, and cleared once', async (verb, kind, name) => {
    const url = `/api/switches/${verb}/${kind}/${encodeURIComponent(name)}`;
    const before = await api.audited();
    const set = await api.ask(url, { method: 'PUT', body: { reason: 'a restore' } });
    expect(set.json).toEqual({ switch: { verb, kind, name, since: expect.any(String), by: 'local', reason: 'a restore' }, changed: true });
    expect((await api.ask(url, { method: 'PUT', body: { reason: 'another' } })).json).toEqual({ ...set.json, changed: false });
    expect((await api.ask('/api/switches')).json).toEqual({ switches: [set.json['switch']], waits: [] });
    expect((await api.ask(url, { method: 'DELETE' })).json).toEqual({ ...set.json, wait: null, changed: true });
    expect((await api.ask(url, { method: 'DELETE' })).json).toEqual({ switch: null, wait: null, changed: false });
    expect(await api.audited()).toBe(before + 2);
  });

  test.each([
    ['pause', 'source', 'nobody', 404, 'there are `shop`, `erp`'],
    ['pause', 'adapter', 'email', 404, 'there are `crm`, `mail`, `team`, `warehouse`'],
    ['hold', 'chain', 'new-order', 400, undefined],
    ['pause', 'all', '*', 400, undefined],
    ['hold', 'all', 'everything', 400, undefined],
    ['stop', 'source', 'shop', 400, undefined],
  ])('%s %s %s is refused with %d', async (verb, kind, name, status, fix) => {
    const answer = await api.ask(`/api/switches/${verb}/${kind}/${encodeURIComponent(name)}`, { method: 'PUT', body: {} });
    expect(answer).toMatchObject({ status, json: { error: fix === undefined ? {} : { fix } } });
  });

  test('to resume an adapter ends the wait that its vendor has asked for, and is audited', async () => {
    const until = '2100-01-01T00:00:00.000Z';
    const wait = { adapter: 'crm', until, since: '2026-01-01T00:00:00.000Z' };
    await sql(
      `INSERT INTO vendor_waits VALUES ('crm', '${until}', '${wait.since}'), ('team', now() - interval '1 s', now() - interval '2 s')`,
    );
    expect((await api.ask('/api/switches')).json).toEqual({ switches: [], waits: [wait] });
    const before = await api.audited();
    const url = '/api/switches/pause/adapter/crm';
    expect((await api.ask(url, { method: 'DELETE' })).json).toEqual({ switch: null, wait, changed: true });
    expect((await api.ask(url, { method: 'DELETE' })).json).toEqual({ switch: null, wait: null, changed: false });
    expect(await api.audited()).toBe(before + 1);
    expect((await api.ask('/api/switches')).json).toEqual({ switches: [], waits: [] });
  });

  test('one of a name that is gone can still be cleared', async () => {
    await sql(`INSERT INTO switches (verb, kind, name, by) VALUES ('pause', 'chain', 'an-old-one', 'local')`);
    expect((await api.ask('/api/switches/pause/chain/an-old-one', { method: 'DELETE' })).json).toMatchObject({ changed: true });
    expect((await api.ask('/api/switches/pause/chain/an-old-one', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('a resolution', () => {
  const action = 'email.sendOrderConfirmation';

  test('settles the unknown effect that it shows, and starts the failed run again', async () => {
    const eventUuid = await make({ run: 'failed', mail: 'unknown' });
    expect((await api.ask(`/api/effects/resolve?eventUuid=${eventUuid}&action=${action}`)).json).toMatchObject({
      effect: { action, state: 'unknown', sends: 1 },
      reason: null,
    });
    const { json } = await post('/api/effects/resolve', { eventUuid, action, verdict: 'sent', replay: true, sends: 1 });
    expect(json).toMatchObject({ event: { uuid: eventUuid }, action, did: 'sent', runs: [{ chain: 'new-order', attempt: 2 }] });
    expect(await newestAudit()).toMatchObject({
      action: 'effect.resolve',
      target: eventUuid,
      detail: { verdict: 'sent', key: '0', round: 0 },
    });
  });

  test('changes nothing where the effect has been sent once more since a person looked, or is settled', async () => {
    const eventUuid = await make({ run: 'failed', mail: 'unknown' });
    const wish = { eventUuid, action, verdict: 'sent', replay: true };
    const before = await api.audited();
    expect((await post('/api/effects/resolve', { ...wish, sends: 0 })).json).toMatchObject({
      did: 'nothing',
      reason: expect.any(String),
      runs: [],
    });
    await sql(`UPDATE effects SET state = 'done' WHERE event_uuid = '${eventUuid}'`);
    expect((await post('/api/effects/resolve', wish)).json).toMatchObject({ did: 'nothing', reason: 'it is done' });
    expect(await api.audited()).toBe(before);
  });
});

describe('stock', () => {
  test('is set and told', async () => {
    const levels = [
      { sku: 'MUG', available: 3 },
      { sku: 'CUP', available: 0 },
    ];
    expect((await api.ask('/api/stock', { method: 'PUT', body: { levels } })).json).toEqual({ stock: levels });
    expect((await api.ask('/api/stock')).json).toEqual({ stock: levels.toReversed() });
    expect((await api.ask('/api/stock?sku=CUP')).json).toEqual({ stock: [levels[1]] });
  });

  test.each([
    [{ levels: [{ sku: 'A', available: -1 }] }],
    [{ levels: [] }],
    [
      {
        levels: [
          { sku: 'A', available: 1 },
          { sku: 'A', available: 2 },
        ],
      },
    ],
  ])('refuses %j', async (body) => {
    expect((await api.ask('/api/stock', { method: 'PUT', body })).status).toBe(400);
  });
});

describe('tokens', () => {
  test('are told once, work until they are removed, and are nowhere written down', async () => {
    const made = await post('/api/tokens', { name: 'grafana', role: 'viewer' });
    expect(made.json).toEqual({ name: 'grafana', role: 'viewer', payloads: false, token: expect.stringMatching(/^hlk_[\w-]{43}$/) });
    const token = String(made.json['token']);
    const seen = (): Promise<Answer> => api.ask('/api/events', { token, from: PROXY });
    expect((await seen()).status).toBe(200);
    const listed = await api.ask('/api/tokens');
    expect(listed.json).toMatchObject({ tokens: [{ name: 'grafana', role: 'viewer', payloads: false, usedAt: expect.any(String) }] });
    const { rows } = await api.database.pool.query<{ readonly text: string }>({
      name: 'test.tokens',
      text: `SELECT (SELECT json_agg(t) FROM tokens t)::text || (SELECT json_agg(a) FROM audit a)::text AS text`,
    });
    expect(rows[0]?.text).not.toContain(token.slice(4));
    expect(listed.body + (await api.ask('/api/audit')).body).not.toContain(token.slice(4));

    expect((await post('/api/tokens', { name: 'grafana', role: 'admin' })).status).toBe(409);
    expect((await api.ask('/api/tokens/grafana', { method: 'DELETE' })).json).toEqual({ removed: 'grafana' });
    expect((await seen()).status).toBe(401);
  });

  test.each([
    { name: 'Grafana', role: 'viewer' },
    { name: 'a', role: 'root' },
    { name: '', role: 'viewer' },
  ])('refuses %j', async (body) => {
    expect((await post('/api/tokens', body)).status).toBe(400);
  });
});

test('who has a token is written down by its name and role', async () => {
  const token = await api.token({ role: 'operator', payloads: false });
  await api.ask('/api/stock', { method: 'PUT', body: { levels: [{ sku: 'PEN', available: 1 }] }, token });
  expect(await newestAudit()).toMatchObject({ actor: expect.stringMatching(/^t-/), role: 'operator', action: 'stock.set', target: 'PEN' });
});

describe('a change and the row that tells of it', () => {
  const level = async (sku: string): Promise<unknown> => (await api.ask(`/api/stock?sku=${sku}`)).json['stock'];

  test('are neither there where the row cannot be written', async () => {
    await sql(`ALTER TABLE audit ADD CONSTRAINT no_stock CHECK (target <> 'SECOND') NOT VALID`);
    const levels = [
      { sku: 'FIRST', available: 1 },
      { sku: 'SECOND', available: 1 },
    ];
    const before = await api.audited();
    const answer = await api.ask('/api/stock', { method: 'PUT', body: { levels } });
    await sql('ALTER TABLE audit DROP CONSTRAINT no_stock');
    expect(answer).toMatchObject({ status: 500, json: { error: { code: 'bug.unexpected', got: null } } });
    expect([await level('FIRST'), await level('SECOND'), await api.audited()]).toEqual([[], [], before]);
    expect(api.logged).toEqual([expect.stringMatching(/^a request of an operator has failed .*"url":"PUT \/api\/stock"/)]);
  });

  test('are neither there where the change is refused after all', async () => {
    const before = await api.audited();
    await sql(`ALTER TABLE stock ADD CONSTRAINT no_pens CHECK (sku <> 'PENS')`);
    expect((await api.ask('/api/stock', { method: 'PUT', body: { levels: [{ sku: 'PENS', available: 1 }] } })).status).toBe(500);
    await sql('ALTER TABLE stock DROP CONSTRAINT no_pens');
    expect(await api.audited()).toBe(before);
  });
});
