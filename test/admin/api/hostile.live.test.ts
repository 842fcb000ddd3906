import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type ApiFixture } from './api-fixture.ts';

// What nobody who means well asks: the answer is 400 and tells what was expected; a 500 would be a bug, and a line in the log for each.

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ID = '0199c82c-d388-7005-8000-000000000005';
const TIME = '2026-01-01T00:00:00.000000Z';
const cursor = (...key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

describe('a cursor that was tampered with', () => {
  test.each([
    ['/api/runs', [ID, 'a\0b']],
    ['/api/runs', [ID, 'a\ud800']],
    ['/api/effects', [ID, TIME, 'a', 'b\0', 0, 'x']],
    ['/api/effects', [ID, TIME, 'a', 'b', 99_999_999_999, 'x']],
    ['/api/effects', [ID, '9999-99-99T99:99:99.999999Z', 'a', 'b', 0, 'x']],
    ['/api/effects', [ID, '999999-01-01T00:00:00.000000Z', 'a', 'b', 0, 'x']],
    ['/api/effects', [ID, '2026-02-31T00:00:00.000000Z', 'a', 'b', 0, 'x']],
    ['/api/entities/order', [TIME, 'a\0']],
    ['/api/entities/order', ['2026-13-01T00:00:00.000000Z', 'a']],
    ['/api/notices', [TIME, 'a\0']],
  ])('of %s is refused: %j', async (path, key) => {
    const answer = await api.ask(`${path}?cursor=${cursor(...key)}`);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'api.badRequest', where: 'query.cursor' } } });
  });

  test('of a repair of many is refused', async () => {
    const body = { filter: { state: 'failed' }, cursor: cursor(ID, '\0') };
    expect(await api.ask('/api/replays', { method: 'POST', body })).toMatchObject({
      status: 400,
      json: { error: { code: 'api.badRequest' } },
    });
  });
});

test('half of a character is none: two skus that PostgreSQL takes for one are refused before it is asked', async () => {
  const levels = ['\ud800', '\ud801'].map((sku) => ({ sku, available: 1 }));
  expect(await api.ask('/api/stock', { method: 'PUT', body: { levels } })).toMatchObject({
    status: 400,
    json: { error: { code: 'api.badRequest', where: 'body.levels.0.sku' } },
  });
});

test('every filter at once is served, on each page, on one connection', async () => {
  const names = [
    'source',
    'type',
    'code',
    'entityType',
    'entityId',
    'text',
    'action',
    'agent',
    'chain',
    'outcome',
    'cause',
    'event',
    'state',
  ];
  const spans = [
    '',
    '&since=2026-01-01T00:00:00Z',
    '&since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z',
    '&until=2027-01-01T00:00:00Z',
  ];
  const states = { events: 'quarantined', runs: 'failed', effects: 'unknown' };
  for (const [list, own] of [
    ['events', ['source', 'type', 'code', 'entityType', 'entityId', 'text', 'state']],
    ['runs', ['source', 'chain', 'type', 'code', 'entityType', 'entityId', 'text', 'state']],
    ['effects', ['source', 'type', 'action', 'agent', 'entityType', 'entityId', 'text', 'state']],
    ['deliveries', ['source', 'outcome', 'cause', 'type', 'event', 'entityType', 'entityId', 'text']],
  ] as const) {
    const values: Readonly<Record<string, string>> = { outcome: 'refused', state: list === 'deliveries' ? '' : states[list] };
    const filters = names.filter((name) => own.some((one) => one === name)).map((name) => `${name}=${values[name] ?? 'x'}`);
    const place = list === 'runs' ? [ID, 'a'] : list === 'effects' ? [ID, TIME, 'a', 'b', 0, 'x'] : [ID];
    for (const extra of [...spans, ...spans.map((one) => `${one}&cursor=${cursor(...place)}`)])
      expect([list, extra, (await api.ask(`/api/${list}?${filters.join('&')}${extra}`)).status]).toEqual([list, extra, 200]);
  }
});

test.each([
  ['that cannot be decoded', '/api/events/%E0%A4%A', 400],
  ['with a part that is too long', `/api/events/${'a'.repeat(2_100)}`, 414],
])('a path %s is answered like every other fault, and not quoted', async (_what, path, status) => {
  const { json, headers, ...answer } = await api.ask(path);
  expect(answer.status).toBe(status);
  expect(json).toMatchObject({ error: { code: 'api.badRequest', fix: expect.any(String) } });
  expect(answer.body.length).toBeLessThan(500);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('none of all this is called a bug', () => {
  expect(api.logged).toEqual([]);
});
