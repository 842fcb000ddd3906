import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '../../../src/admin/api/all-routes.ts';
import { PAYLOAD_WORD, PROXY, SOURCE_SECRET, startApi, type ApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let uuid: string;
let blind: string;
let seeing: string;
beforeAll(async () => {
  api = await startApi();
  const body = JSON.stringify({ name: PAYLOAD_WORD });
  uuid = await api.take({ source: 'shop', body, events: [{ eventId: 'p1', data: { name: PAYLOAD_WORD } }] });
  blind = await api.token({ role: 'admin', payloads: false });
  seeing = await api.token({ role: 'viewer', payloads: true });
  const word = JSON.stringify({ word: PAYLOAD_WORD });
  await api.database.pool.session((session) =>
    session.run(`
      UPDATE runs SET state = 'done', result = '${word}';
      INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, result)
        VALUES ('${uuid}', 'new-order', 'email.send', '0', 0, 'done', 1, 'r', '${word}');
      INSERT INTO entities (type, id, fields) VALUES ('customer', 'crm:1', '{"name": "${PAYLOAD_WORD}"}');
      INSERT INTO team_notices (key, subject, text, noticed_at) VALUES ('k', 'zendesk:1:1', 'Ticket #1 is escalated: priority high, zendesk:1:1\n${PAYLOAD_WORD}', now());`),
  );
});
afterAll(() => api.close());

describe('who may not read payloads', () => {
  test.each([
    [
      '/api/events/UUID?payloads=true',
      { event: { data: null, redacted: true }, runs: [{ result: null, redacted: true }], effects: [{ result: null, redacted: true }] },
    ],
    ['/api/runs/shop.p1?payloads=true', { run: { result: null, redacted: true }, effects: [{ result: null, redacted: true }] }],
    ['/api/entities/customer/crm:1?payloads=true', { redacted: true, fields: [{ name: 'name', value: null }] }],
  ])('gets null in their place, and that they were left out: %s', async (url, shape) => {
    const { json, body } = await api.ask(url.replace('UUID', uuid), { token: blind });
    expect(json).toMatchObject(shape);
    expect(body).not.toContain(PAYLOAD_WORD);
  });

  test('gets no body', async () => {
    const [delivery] = await api.store.deliveries.list({ limit: 1 });
    expect((await api.ask(`/api/deliveries/${delivery?.id}/body`, { token: blind })).json).toMatchObject({
      error: { code: 'api.forbidden', expected: 'the right to payloads' },
    });
  });
});

describe('who may', () => {
  const word = { word: PAYLOAD_WORD };

  test.each([
    ['/api/events/UUID?payloads=true', { event: { data: { name: PAYLOAD_WORD } }, runs: [{ result: word }], effects: [{ result: word }] }],
    ['/api/runs/shop.p1?payloads=true', { run: { result: word }, effects: [{ result: word }] }],
    ['/api/entities/customer/crm:1?payloads=true', { fields: [{ name: 'name', value: PAYLOAD_WORD }] }],
  ])('gets them where they are asked for: %s', async (url, shape) => {
    const { json, body } = await api.ask(url.replace('UUID', uuid), { token: seeing, from: PROXY });
    expect(json).toMatchObject(shape);
    expect(body).not.toContain('redacted');
  });

  test.each(['/api/events/UUID', '/api/runs/shop.p1', '/api/entities/customer/crm:1'])('does not where they are not: %s', async (url) => {
    expect((await api.ask(url.replace('UUID', uuid), { token: seeing, from: PROXY })).body).not.toContain(PAYLOAD_WORD);
  });

  test('gets the bytes of a body as they came, for no browser to show', async () => {
    const [delivery] = await api.store.deliveries.list({ limit: 1 });
    const answer = await api.ask(`/api/deliveries/${delivery?.id}/body`, { token: seeing, from: PROXY });
    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ name: PAYLOAD_WORD }) });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' });
  });
});

test('no list tells a payload or a secret, whoever asks', async () => {
  const lists = allRoutes.filter(({ method, url }) => method === 'GET' && !url.includes(':'));
  const queries: Readonly<Record<string, string>> = {
    '/api/why': '?about=p1',
    '/api/find': '?text=p1',
    '/api/effects/resolve': `?eventUuid=${uuid}&action=email.send`,
  };
  for (const { url } of lists) {
    const { status, body } = await api.ask(`${url}${queries[url] ?? ''}`);
    expect({ url, status }).toEqual({ url, status: 200 });
    for (const word of [PAYLOAD_WORD, SOURCE_SECRET, blind.slice(4), seeing.slice(4)]) expect(body).not.toContain(word);
  }
  expect(lists.length).toBeGreaterThan(12);
});
