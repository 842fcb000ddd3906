import { afterEach, describe, expect, it } from 'vitest';

import { openRaw, postRaw, toBytes, toChunks } from '../support/raw-http.ts';
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

describe('the public listener', () => {
  it('commits a signed delivery byte for byte, then answers 200 with its event', async () => {
    const { port, recorded } = await start();
    const body = Buffer.from([0x7b, 0x00, 0xff, 0xfe, 0x7d]);
    const response = await postRaw(port, { path: '/webhooks/shop', headers: [sign(body), ['X-Webhook-Id', 'evt_7']], body });
    expect(response).toMatchObject({ status: 200, body: '{"status":"accepted","eventId":"evt_7"}' });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Buffer.from(recorded.deliveries[0]?.body ?? [])).toEqual(body);
    expect(recorded.nudges).toBe(1);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one of semicolons', ';;;'],
    ['one that names JSON', 'application/json'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['junk', '\u00ff/()'],
  ])('takes the body as bytes under any Content-Type: %s', async (_case, type) => {
    const { port, recorded } = await start();
    const body = 'a=1&b=\u0000';
    const headers = [sign(body), ...(type === undefined ? [] : [['Content-Type', type] as const])];
    expect(await postRaw(port, { path: '/webhooks/shop', headers, body })).toMatchObject({ status: 200 });
    expect(Buffer.from(recorded.deliveries[0]?.body ?? []).toString()).toBe(body);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND'])(
    'answers %s with 405 and names POST, and leaves a row',
    async (method) => {
      const { port, recorded } = await start();
      const response = await postRaw(port, { method, path: '/webhooks/shop' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(recorded.refusals).toMatchObject([{ code: 'method.notAllowed', httpStatus: 405, body: null }]);
    },
  );

  it('answers HEAD with 405 and no body', async () => {
    const { port, recorded } = await start();
    const connection = await openRaw(port);
    connection.send(toBytes({ method: 'HEAD', path: '/webhooks/shop', headers: [['Connection', 'close']] }));
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 405 [^]*allow: POST\r\n[^]*\r\n\r\n$/);
    expect(recorded.refusals).toMatchObject([{ code: 'method.notAllowed' }]);
  });

  it.each([
    '/webhooks/nobody',
    '/webhooks/__proto__',
    '/webhooks/constructor',
    '/webhooks/prototype',
    '/webhooks/toString',
    '/webhooks/',
    '/webhooks',
    '/',
    '/webhooks/shop/',
    '/webhooks/shop/more',
    '/webhooks/Shop',
    '/webhooks/%ZZ',
    '/webhooks/shop%2F..',
    '/webhooks/shop%00',
    `/webhooks/${'a'.repeat(300)}`,
    '//webhooks/shop',
    '/webhooks/%5f%5fproto%5f%5f',
    '*',
    '/webhooks/shop;x=1',
  ])('answers 404 without a body, and stores nothing: %s', async (path) => {
    const { port, recorded, ingress } = await start();
    const response = await postRaw(port, { path, headers: [sign('{}')], body: '{}' });
    expect(response).toMatchObject({ status: 404, body: '' });
    expect(recorded).toMatchObject({ deliveries: [], refusals: [] });
    expect(ingress.counts()).toEqual({ 'source.unknown': 1 });
  });

  it.each(['/webhooks/sh%6Fp', '/webhooks/shop?source=other', '/webhooks/shop?a[__proto__]=1', 'http://evil.example/webhooks/shop'])(
    'finds the source in an equal path: %s',
    async (path) => {
      const { port } = await start();
      expect(await postRaw(port, { path, headers: [sign('{}')], body: '{}' })).toMatchObject({ status: 200 });
    },
  );

  it('answers no request before its commit', async () => {
    const commit = createLatch();
    const { port } = await start({
      inbox: {
        add: async () => {
          await commit.opened;
          return [];
        },
      },
    });
    const connection = await openRaw(port);
    connection.send(toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' }));
    const first = await Promise.race([
      connection.response().then(() => 'answered'),
      postRaw(port, { path: '/nowhere' }).then(() => 'silent'),
    ]);
    expect(first).toBe('silent');
    commit.open();
    connection.destroy();
  });

  it('takes a chunked body whole', async () => {
    const { port, recorded } = await start();
    const body = Buffer.from('x'.repeat(50_000));
    expect(
      await postRaw(port, { path: '/webhooks/shop', headers: [sign(body), ['Transfer-Encoding', 'chunked']], body: toChunks(body, 7_001) }),
    ).toMatchObject({ status: 200 });
    expect(recorded.deliveries[0]?.body).toHaveLength(50_000);
  });

  it('keeps the peer and the allowed headers with a delivery, and believes no forwarding header', async () => {
    const { port, recorded } = await start();
    await postRaw(port, {
      path: '/webhooks/shop',
      headers: [sign('{}'), ['X-Forwarded-For', '203.0.113.9'], ['Authorization', 'Bearer abc'], ['Cookie', 'a=b']],
      body: '{}',
    });
    expect(recorded.deliveries[0]?.remoteAddress).toBe('127.0.0.1');
    expect(recorded.deliveries[0]?.headers.map(([name]) => name)).toEqual(['x-webhook-signature', 'x-forwarded-for']);
  });

  it('goes on when a sender leaves in the middle of a body, and leaves a row', async () => {
    const headSeen = createLatch();
    const { port, recorded } = await start({ now: () => (headSeen.open(), new Date()) });
    const connection = await openRaw(port);
    connection.send('POST /webhooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"half":');
    await headSeen.opened;
    connection.destroy();
    await expect.poll(() => recorded.refusals.map(({ code }) => code)).toEqual(['request.aborted']);
    expect(await postRaw(port, { path: '/webhooks/shop', headers: [sign('{}')], body: '{}' })).toMatchObject({ status: 200 });
  });

  it('goes on when a sender leaves before its answer, and the delivery stands', async () => {
    const commit = createLatch();
    const arrived = createLatch();
    const { port, recorded } = await start({
      inbox: {
        add: async () => {
          arrived.open();
          await commit.opened;
          return [];
        },
      },
    });
    const connection = await openRaw(port);
    connection.send(toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' }));
    await arrived.opened;
    connection.destroy();
    commit.open();
    await expect.poll(() => recorded.lines.map(({ message }) => message)).toEqual(['delivery received']);
  });

  it('says which port is taken', async () => {
    const { port } = await start();
    await expect(start({}, port)).rejects.toMatchObject({ code: 'stack.portTaken', message: `stack.portTaken: got 127.0.0.1:${port}` });
  });
});
