import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sign, startIngress } from '../ingress/ingress-fixture.ts';
import type { TestIngress } from '../ingress/ingress-fixture.ts';
import { openRaw, postRaw, toBytes, toChunks } from '../support/raw-http.ts';

const path = '/webhooks/shop';

let test: TestIngress;
beforeAll(async () => {
  test = await startIngress();
});
afterAll(() => test.ingress.close());

describe('found by the fuzzer', () => {
  it.each(['200-ok', 'x', '100-continue, x'])('an `Expect` that nobody can fulfil is no reason to lose a delivery: %s', async (value) => {
    const answer = await postRaw(test.port, { path, headers: [sign('{}'), ['Expect', value]], body: '{}' });
    expect([answer.status, answer.headers.has('transfer-encoding')]).toEqual([200, false]); // Node alone says 417, in chunks, and nobody hears of it
    expect(test.recorded.deliveries.at(-1)?.source).toBe('shop');
  });

  it.each([',chunked', 'chunked,', ', chunked', ',,chunked'])(
    'a transfer coding with empty members, which proxies read in different ways: 400: %s',
    async (value) => {
      const answer = await postRaw(test.port, {
        path,
        headers: [sign('{}'), ['Transfer-Encoding', value]],
        body: toChunks(Buffer.from('{}'), 2),
      });
      expect([answer.status, JSON.parse(answer.body)]).toMatchObject([400, { error: 'request.malformed' }]);
    },
  );

  it.each([
    ['of a known source', path, 400],
    ['of an unknown source', '/webhooks/nobody', 404],
    ['of a path that is none', '/webhooks/%zz', 404],
  ])('nothing is read behind a request whose end is in doubt: one %s', async (_case, target, status) => {
    const before = test.recorded.deliveries.length;
    const doubtful = {
      path: target,
      headers: [sign('{}'), ['Transfer-Encoding', ',chunked']],
      body: toChunks(Buffer.from('{}'), 2),
    } as const;
    const behind = { path, headers: [sign('[]')], body: '[]' } as const;
    const connection = await openRaw(test.port);
    connection.send(Buffer.concat([toBytes(doubtful), toBytes(behind)]));
    expect((await connection.response()).status).toBe(status);
    expect(await connection.closed()).toBe('');
    expect(test.recorded.deliveries.length).toBe(before);
  });

  it('a connection ends with the answer to an `Upgrade`, behind which Node no longer tells what is malformed', async () => {
    const connection = await openRaw(test.port);
    connection.send(toBytes({ path, headers: [sign('{}'), ['Connection', 'Upgrade'], ['Upgrade', 'h2c']], body: '{}' }));
    const answer = await connection.response();
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    expect(await connection.closed()).toBe('');
  });
});
