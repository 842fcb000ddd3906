import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROXY, startApi, STRANGER, type ApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let always: ApiFixture;
let tls: ApiFixture;
beforeAll(async () => {
  [api, always, tls] = await Promise.all([startApi(), startApi({ auth: 'always' }), startApi({ encrypted: true })]);
});
afterAll(() => Promise.all([api.close(), always.close(), tls.close()]));

const url = '/api/stock';
const body = { levels: [{ sku: 'MUG', available: 1 }] };

describe('a change that a browser sends', () => {
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:9999' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:8788', 'sec-fetch-site': 'cross-site' },
  ])('for another page is refused: %j', async (headers) => {
    expect(await api.ask(url, { method: 'PUT', body, headers })).toMatchObject({ status: 403, json: { error: { code: 'api.forbidden' } } });
  });

  test.each([{}, { origin: 'http://127.0.0.1:8788' }, { origin: 'http://127.0.0.1:8788', 'sec-fetch-site': 'same-origin' }])(
    'for our own, and one of a program, is served: %j',
    async (headers) => {
      expect((await api.ask(url, { method: 'PUT', body, headers })).status).toBe(200);
    },
  );

  test('as a form or as plain text is refused, since those need no leave of ours', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a']) {
      const answer = await api.ask(url, { method: 'PUT', body, headers: { 'content-type': type } });
      expect(answer).toMatchObject({ status: 400, json: { error: { expected: 'a body with `content-type: application/json`, or none' } } });
    }
  });
});

describe('a request that is not as it should be', () => {
  test.each([
    ['text that is no JSON', '{', 'one JSON value as body'],
    ['a key that would change prototypes', '{"__proto__": {}}', 'one JSON value as body'],
    ['more than 64 KiB', JSON.stringify('a'.repeat(65 * 1024)), 'a body of at most 64 KiB'],
  ])('%s', async (_what, payload, expected) => {
    const answer = await api.server.inject({
      method: 'PUT',
      url,
      payload,
      headers: { host: 'localhost', 'content-type': 'application/json' },
    });
    expect([answer.statusCode, JSON.parse(answer.body)]).toMatchObject([400, { error: { code: 'api.badRequest', expected } }]);
    expect(answer.body.length).toBeLessThan(500);
  });

  test('a path of nobody is answered as the table of errors has it', async () => {
    for (const path of ['/api', '/api/nothing', '/api/tokens/a/b/c'])
      expect(await api.ask(path)).toMatchObject({ status: 404, json: { error: { code: 'api.notFound' } } });
  });

  test('a host that is not ours is answered 421', async () => {
    expect(await api.ask('/api/events', { headers: { host: 'evil.example' } })).toMatchObject({
      status: 421,
      json: { error: { code: 'api.wrongHost' } },
    });
  });
});

describe('who asks', () => {
  test('needs a token on this machine too where everybody does', async () => {
    const token = await always.token({ role: 'viewer', payloads: false });
    for (const path of ['/api/events', '/metrics', '/readyz']) {
      expect(await always.ask(path)).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect((await always.ask(path, { token })).status).toBe(200);
    }
    expect((await always.ask('/healthz')).status).toBe(200);
  });

  test('may come from beyond with a token where the listener speaks TLS', async () => {
    const token = await tls.token({ role: 'viewer', payloads: false });
    const headers = { host: 'ops.example' };
    expect((await tls.ask('/api/events', { from: STRANGER, headers })).status).toBe(401);
    expect((await tls.ask('/api/events', { from: STRANGER, headers, token })).status).toBe(200);
  });

  test('is who the token says, whatever else the request says', async () => {
    const token = await api.token({ role: 'viewer', payloads: false });
    const headers = { 'x-hookline-operator': 'root', 'x-forwarded-for': '127.0.0.1' };
    expect((await api.ask(url, { method: 'PUT', body, token, from: PROXY, headers })).status).toBe(403);
    expect((await api.ask(url, { method: 'PUT', body, token })).status).toBe(403);
  });

  test.each(['Bearer', 'Bearer x', 'Basic aGs6aGs=', `Bearer hlk_${'A'.repeat(42)}`, `hlk_${'A'.repeat(43)}`])(
    'is nobody with `%s`, on this machine as well',
    async (authorization) => {
      expect((await api.ask('/api/events', { headers: { authorization } })).status).toBe(401);
    },
  );
});

test('the OpenAPI document is served', async () => {
  const { json, headers } = await api.ask('/api/openapi.json');
  expect(json).toMatchObject({ openapi: '3.1.0', paths: { '/api/events/{uuid}': { get: { operationId: 'events.get' } } } });
  expect(headers['cache-control']).toBe('no-store');
});
