import { afterEach, describe, expect, it } from 'vitest';

import { openRaw, postRaw, sayRaw, toBytes, toChunks } from '../support/raw-http.ts';
import type { RawRequest } from '../support/raw-http.ts';
import { createLatch, sign, startIngress } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const running: TestIngress[] = [];
const start = async (...args: Parameters<typeof startIngress>): Promise<TestIngress> => {
  const ingress = await startIngress(...args);
  running.push(ingress);
  return ingress;
};
afterEach(async () => {
  for (const { ingress } of running.splice(0)) await ingress.close();
});

const path = '/webhooks/shop';
const HASTY = { headersTimeoutMs: 150, requestTimeoutMs: 300, connectionsCheckMs: 30 };

describe('limits of the public listener', () => {
  it('are set on the server that listens', async () => {
    const { ingress } = await start();
    const { server } = ingress;
    expect({
      requestTimeout: server.requestTimeout,
      headersTimeout: server.headersTimeout,
      keepAliveTimeout: server.keepAliveTimeout,
      maxRequestsPerSocket: server.maxRequestsPerSocket,
      maxHeadersCount: server.maxHeadersCount,
    }).toEqual({
      requestTimeout: 10_000,
      headersTimeout: 5_000,
      keepAliveTimeout: 72_000,
      maxRequestsPerSocket: 1_000,
      maxHeadersCount: 100,
    });
  });

  it('cut a connection whose head does not come in time: 408', async () => {
    const { port, ingress } = await start({ limits: HASTY });
    const connection = await openRaw(port);
    connection.send(`POST ${path} HTTP/1.1\r\nHost: a\r\n`);
    const startedAt = Date.now();
    const response = await connection.response();
    expect(response.status).toBe(408);
    expect(JSON.parse(response.body)).toEqual({
      error: 'request.timeout',
      message: 'the request was not complete in time',
      fix: 'send head and body without pauses',
    });
    expect(response.headers.get('connection')).toBe('close');
    await connection.closed();
    expect(Date.now() - startedAt).toBeGreaterThan(140);
    expect(ingress.counts()).toEqual({ 'request.timeout': 1 });
  });

  it('cut a body that comes a byte at a time: 408, and a row, since the source is known', async () => {
    const { port, recorded } = await start({ limits: HASTY });
    const connection = await openRaw(port);
    connection.send(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => connection.send('x'), 20);
    try {
      expect(await connection.response()).toMatchObject({ status: 408 });
    } finally {
      clearInterval(drip);
    }
    await connection.closed();
    expect(recorded.refusals).toMatchObject([{ source: 'shop', code: 'request.timeout', httpStatus: 408, body: null }]);
    expect(recorded.deliveries).toEqual([]);
  });

  it('say nothing to a connection that never sent a byte', async () => {
    const { port } = await start({ limits: HASTY });
    const connection = await openRaw(port);
    expect(await connection.closed()).toBe('');
  });

  it('take a head of the limit, and refuse a larger one: 431', async () => {
    const { port, ingress } = await start();
    const filler = (length: number): readonly [string, string] => ['X-Filler', 'a'.repeat(length)];
    expect((await postRaw(port, { path, headers: [sign('{}'), filler(15_000)], body: '{}' })).status).toBe(200);
    const refused = await postRaw(port, { path, headers: [sign('{}'), filler(17_000)], body: '{}' });
    expect(refused.status).toBe(431);
    expect(JSON.parse(refused.body)).toMatchObject({ error: 'request.headersTooLarge' });
    expect(ingress.counts()).toEqual({ 'request.headersTooLarge': 1 });
  });

  it('refuse a flood of header lines, so that none is dropped in silence: 431', async () => {
    const { port, recorded } = await start();
    const flood = Array.from({ length: 150 }, (_, index) => [`X-H${index}`, '1'] as const);
    expect((await postRaw(port, { path, headers: [...flood, sign('{}')], body: '{}' })).status).toBe(431);
    expect(recorded.deliveries).toEqual([]);
  });

  it.each([
    ['one byte less', -1, 200],
    ['exactly', 0, 200],
    ['one byte more', 1, 413],
  ])('take a body of the limit: %s', async (_case, more, status) => {
    const { port } = await start({ limits: { bodyBytes: 10_000 } });
    const body = 'x'.repeat(10_000 + more);
    expect((await postRaw(port, { path, headers: [sign(body)], body })).status).toBe(status);
    expect(
      (await postRaw(port, { path, headers: [sign(body), ['Transfer-Encoding', 'chunked']], body: toChunks(Buffer.from(body), 999) }))
        .status,
    ).toBe(status);
  });

  it.each([2, 10])('refuse %d MB with an answer that the sender can read, declared or chunked, and leave rows', async (megabytes) => {
    const { port, recorded } = await start();
    const body = Buffer.alloc(megabytes * 1024 * 1024, 'x');
    for (const [headers, bytes] of [
      [[], body],
      [[['Transfer-Encoding', 'chunked']], toChunks(body, 65_536)],
    ] as const) {
      const response = await postRaw(port, { path, headers: [sign(body), ...headers], body: bytes });
      expect(response.status).toBe(413);
      expect(JSON.parse(response.body)).toMatchObject({ error: 'request.tooLarge' });
    }
    expect(recorded.refusals).toMatchObject([
      { code: 'request.tooLarge', httpStatus: 413, body: null, bodyBytes: 0 },
      { code: 'request.tooLarge' },
    ]);
    expect(recorded.refusals[0]?.detail).toBe(`expected at most 1048576 bytes, got ${body.length}`);
  });

  it('refuse a body at the head, when the sender asks first', async () => {
    const { port } = await start();
    expect(
      await sayRaw(port, `POST ${path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`),
    ).toMatchObject({ status: 413 });
  });

  it.each([
    ['declared', (large: Buffer): Omit<RawRequest, 'path'> => ({ headers: [sign(large)], body: large })],
    [
      'in chunks',
      (large: Buffer): Omit<RawRequest, 'path'> => ({
        headers: [sign(large), ['Transfer-Encoding', 'chunked']],
        body: toChunks(large, 1_000),
      }),
    ],
  ] as const)('serve the next request on a connection whose body was too large, %s', async (_case, tooLarge) => {
    const { port } = await start({ limits: { bodyBytes: 100 } });
    const connection = await openRaw(port);
    connection.send(toBytes({ path, ...tooLarge(Buffer.alloc(200_000, 'x')) }));
    expect((await connection.response()).status).toBe(413);
    connection.send(toBytes({ path, headers: [sign('{}')], body: '{}' }));
    expect((await connection.response()).status).toBe(200);
    connection.destroy();
  });

  it.each([
    ['gzip', ['Content-Encoding', 'gzip'], 415],
    ['a chain of them', ['Content-Encoding', 'identity, br'], 415],
    ['unknown', ['Content-Encoding', 'x'], 415],
    ['identity', ['Content-Encoding', 'Identity'], 200],
    ['an empty one', ['Content-Encoding', ''], 200],
  ] as const)('take no content encoding: %s', async (_case, header, status) => {
    const { port, recorded } = await start();
    expect((await postRaw(port, { path, headers: [sign('{}'), header], body: '{}' })).status).toBe(status);
    expect(recorded.refusals.map(({ code }) => code)).toEqual(status === 415 ? ['request.encodingRefused'] : []);
  });

  it('answer 503 with Retry-After when nothing is committed in time, and start what is committed later', async () => {
    const commit = createLatch();
    const { port, recorded } = await start({
      limits: { commitTimeoutMs: 80 },
      random: () => 0.5,
      inbox: {
        add: async ({ events }) => {
          await commit.opened;
          return events.map(
            ({ eventId, uuid }) =>
              ({ eventId, eventUuid: uuid, outcome: 'accepted', repairing: false, bodyDiffers: false, stopped: false }) as const,
          );
        },
      },
    });
    const response = await postRaw(port, { path, headers: [sign('{}')], body: '{}' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(JSON.parse(response.body)).toMatchObject({ error: 'inbox.unavailable' });
    expect(recorded.nudges).toBe(0);
    commit.open();
    await expect.poll(() => recorded.nudges).toBe(1);
  });

  it('close a connection after its last request', async () => {
    const { port } = await start({ limits: { requestsPerSocket: 2 } });
    const connection = await openRaw(port);
    for (const expected of ['keep-alive', 'close']) {
      connection.send(toBytes({ path, headers: [sign('{}')], body: '{}' }));
      expect((await connection.response()).headers.get('connection')).toBe(expected);
    }
    await connection.closed();
  });
});
