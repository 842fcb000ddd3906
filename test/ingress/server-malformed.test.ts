import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openRaw, postRaw, sayRaw, toBytes } from '../support/raw-http.ts';
import { createLatch, sign, startIngress } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const path = '/webhooks/shop';
const line = `POST ${path} HTTP/1.1\r\nHost: a\r\n`;
const smuggled = `POST ${path} HTTP/1.1\r\nHost: a\r\nX-Webhook-Id: smuggled\r\nContent-Length: 0\r\n\r\n`;

let test: TestIngress;
beforeAll(async () => {
  test = await startIngress({ limits: { headersTimeoutMs: 400, requestTimeoutMs: 500, connectionsCheckMs: 50 } });
});
afterAll(() => test.ingress.close());

describe('bytes that are not HTTP/1.1', () => {
  it.each([
    ['both lengths', `${line}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['both lengths, the other way round', `${line}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`],
    ['two transfer codings', `${line}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a coding that only looks like chunked', `${line}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['lengths that differ', `${line}Content-Length: 0\r\nContent-Length: 5\r\n\r\n${smuggled}`],
    ['a signed length', `${line}Content-Length: +2\r\n\r\n{}${smuggled}`],
    ['a negative length', `${line}Content-Length: -1\r\n\r\n${smuggled}`],
    ['a hexadecimal length', `${line}Content-Length: 0x2\r\n\r\n{}${smuggled}`],
    ['bare line feeds', `POST ${path} HTTP/1.1\nHost: a\nContent-Length: 0\n\n${smuggled}`],
    ['a folded header', `${line}X-A: 1\r\n folded\r\nContent-Length: 0\r\n\r\n${smuggled}`],
    ['a space before the colon', `${line}Content-Length : 0\r\n\r\n${smuggled}`],
    ['NUL in a header', `${line}X-A: a\u0000b\r\nContent-Length: 0\r\n\r\n`],
    ['a chunk size that is none', `${line}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
    ['a chunk longer than its size', `${line}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`],
    ['a chunk extension of 20 kB', `${line}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/3.7', `POST ${path} HTTP/3.7\r\nHost: a\r\n\r\n`],
    ['no method', '/webhooks/shop HTTP/1.1\r\n\r\n'],
    ['an unknown method', `FETCH ${path} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['noise', Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 83) % 256))],
    ['no host', `POST ${path} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`],
    ['two hosts', `${line}Host: b\r\nContent-Length: 0\r\n\r\n`],
  ])('are refused with 400, smuggle nothing, and end nothing: %s', async (_case, bytes) => {
    const before = test.recorded.deliveries.length;
    const response = await sayRaw(test.port, bytes);
    expect(response.status).toBe(400);
    expect(JSON.parse(response.body)).toMatchObject({ error: 'request.malformed' });
    expect(await postRaw(test.port, { path, headers: [sign('{}')], body: '{}' })).toMatchObject({ status: 200 });
    expect(test.recorded.deliveries.length).toBe(before + 1);
    expect(test.recorded.deliveries.at(-1)?.headers).not.toContainEqual(['x-webhook-id', 'smuggled']);
  });

  it('are refused with 415 when the body has a coding beneath the chunks', async () => {
    expect((await sayRaw(test.port, `${line}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`)).status).toBe(415);
  });

  it('never reach a handler by CONNECT', async () => {
    const connection = await openRaw(test.port);
    connection.send('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n');
    expect(await connection.closed()).not.toMatch(/^HTTP\/1\.1 2/);
  });

  it('do not spoil the answer to the whole request before them', async () => {
    const commit = createLatch();
    const arrived = createLatch();
    const slow = await startIngress({
      inbox: {
        add: async () => {
          arrived.open();
          await commit.opened;
          return [];
        },
      },
    });
    try {
      const connection = await openRaw(slow.port);
      connection.send(Buffer.concat([toBytes({ path, headers: [sign('{}')], body: '{}' }), Buffer.from('garbage\r\n\r\n')]));
      await arrived.opened;
      commit.open();
      const response = await connection.response();
      expect(response.status).toBe(200);
      expect(response.headers.get('connection')).toBe('close');
      expect(await connection.closed()).toBe('');
    } finally {
      await slow.ingress.close();
    }
  });

  it('leave a row when they break the body of a known source', async () => {
    const before = test.recorded.refusals.length;
    await sayRaw(test.port, `${line}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n`);
    expect(test.recorded.refusals.slice(before)).toMatchObject([
      { source: 'shop', code: 'request.malformed', httpStatus: 400, detail: 'HPE_INVALID_CHUNK_SIZE' },
    ]);
  });

  it('get no second answer, when the first is out before the body', async () => {
    for (const rest of ['', '2\r\n{}\r\nzz\r\n']) {
      const connection = await openRaw(test.port);
      connection.send(
        `${line}${rest === '' ? 'Content-Length: 99999999' : 'Content-Encoding: gzip\r\nTransfer-Encoding: chunked'}\r\n\r\n`,
      );
      expect((await connection.response()).status).toBe(rest === '' ? 413 : 415);
      connection.send(rest);
      expect(await connection.closed()).toBe('');
    }
  });

  it('may be old: HTTP/1.0 without a host is served', async () => {
    const [name, value] = sign('{}');
    expect(await sayRaw(test.port, `POST ${path} HTTP/1.0\r\n${name}: ${value}\r\nContent-Length: 2\r\n\r\n{}`)).toMatchObject({
      status: 200,
    });
  });

  it('answer pipelined requests in their order', async () => {
    const connection = await openRaw(test.port);
    const bodies = ['1', '2', '3'];
    connection.send(Buffer.concat(bodies.map((body) => toBytes({ path, headers: [sign(body), ['X-Webhook-Id', `evt_${body}`]], body }))));
    for (const body of bodies) expect((await connection.response()).body).toContain(`evt_${body}`);
    connection.destroy();
  });
});
