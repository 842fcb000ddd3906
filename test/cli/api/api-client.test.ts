import { describe, expect, test } from 'vitest';
import { deliveries } from '../../../src/admin/api/deliveries.ts';
import { entities } from '../../../src/admin/api/entities.ts';
import { events } from '../../../src/admin/api/events.ts';
import { stock } from '../../../src/admin/api/stock.ts';
import { switches } from '../../../src/admin/api/switches.ts';
import { tokens } from '../../../src/admin/api/tokens.ts';
import { answerOf, scriptedApi } from './scripted-api.ts';

const at = '2026-07-01T12:00:00.000Z';
const set = { verb: 'pause', kind: 'agent', name: 'email', since: at, by: 'anna', reason: null };
const refusal = (code: string, facts: object = {}): string =>
  JSON.stringify({ error: { code, message: 'm', expected: null, got: null, where: null, fix: 'a fix', ...facts } });

describe('a question', () => {
  test('travels in the form that the route has it: times, numbers and flags as texts', async () => {
    const api = scriptedApi({ events: [], next: null });
    await api.ask(events.list, { query: { source: 'shop', since: new Date(at), limit: 7, ids: ['a', 'b'], text: undefined } });
    expect(api.calls).toEqual([
      { method: 'GET', path: '/api/events?source=shop&ids=a%2Cb&since=2026-07-01T12%3A00%3A00.000Z&limit=7', body: undefined },
    ]);
  });

  test('names things in the path, whatever is in their names', async () => {
    const api = scriptedApi({ type: 'order', id: 'a/b?c#d %', updatedAt: at, fields: [] });
    await api.ask(entities.get, { params: { type: 'order', id: 'a/b?c#d %' }, query: { payloads: true } });
    expect(api.calls[0]?.path).toBe('/api/entities/order/a%2Fb%3Fc%23d%20%25?payloads=true');
  });

  test('carries a body as JSON', async () => {
    const api = scriptedApi({ stock: [] });
    await api.ask(stock.set, { body: { levels: [{ sku: 'MUG', available: 4 }] } });
    expect(api.calls).toEqual([{ method: 'PUT', path: '/api/stock', body: '{"levels":[{"sku":"MUG","available":4}]}' }]);
  });

  test.each([
    ['a step of a path', () => scriptedApi({}).ask(entities.list, { params: { type: '..' } }), 'expected a name, got `..`, in type'],
    ['a number out of range', () => scriptedApi({}).ask(deliveries.list, { query: { limit: 500 } }), 'in query.limit'],
    ['a name of another form', () => scriptedApi({}).ask(tokens.add, { body: { name: 'A b', role: 'viewer' } }), 'in body.name'],
  ])('with %s is refused before it is sent', async (_name, ask, message) => {
    await expect(ask()).rejects.toMatchObject({ code: 'api.badRequest', message: expect.stringContaining(message) as string });
  });
});

describe('an answer', () => {
  test('comes with times as times', async () => {
    const { switches: rows } = await scriptedApi({ switches: [set], waits: [] }).ask(switches.list, {});
    expect(rows).toEqual([{ ...set, since: new Date(at) }]);
  });

  test('comes as bytes where the route gives bytes', async () => {
    const body = await scriptedApi(answerOf(200, '{"not":"parsed"')).ask(deliveries.body, { params: { id: '01a20c4b' } });
    expect(new TextDecoder().decode(body)).toBe('{"not":"parsed"');
  });

  test('that refuses is thrown with its code, its facts and its fix, fit for a terminal', async () => {
    const answer = answerOf(404, refusal('api.notFound', { expected: 'the name of an agent', got: '`\u001B[2J\n`' }));
    await expect(scriptedApi(answer).ask(switches.list, {})).rejects.toMatchObject({
      code: 'api.notFound',
      status: 404,
      message: 'api.notFound: expected the name of an agent, got `\uFFFD[2J\uFFFD`',
      fix: 'a fix',
    });
  });

  test('that asks for a token says where the command line takes it from', async () => {
    await expect(scriptedApi(answerOf(401, refusal('api.unauthenticated'))).ask(switches.list, {})).rejects.toMatchObject({
      code: 'api.unauthenticated',
      fix: expect.stringContaining('`HOOKLINE_TOKEN`') as string,
    });
  });

  test.each([
    ['a page of some proxy', answerOf(502, '<html>Bad Gateway</html>'), 'got HTTP 502, in /api/switches'],
    ['a redirection', answerOf(302, ''), 'got HTTP 302, in /api/switches'],
    ['an error of a newer version', answerOf(409, refusal('api.newer')), 'got HTTP 409, in /api/switches'],
    ['what is no JSON', answerOf(200, 'hello'), 'in /api/switches'],
    ['another form', { switches: [{ ...set, verb: 'melt' }] }, 'at `switches.0.verb`, in /api/switches'],
  ])('that is %s is none of the API', async (_name, answer, message) => {
    await expect(scriptedApi(answer).ask(switches.list, {})).rejects.toMatchObject({
      code: 'api.badReply',
      message: expect.stringContaining(message) as string,
    });
  });
});
