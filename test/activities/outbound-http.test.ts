import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createBlockedAddresses } from '../../src/activities/blocked-addresses.ts';
import { createOutboundHttp, type OutboundHttp } from '../../src/activities/outbound-http.ts';

const now = (): Date => new Date('2026-01-01T00:00:00Z');
const signal = new AbortController().signal;
const closing: { close(): unknown }[] = [];
afterEach(() => Promise.all(closing.splice(0).map((one) => one.close())));

async function start(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  closing.push({ close: () => (server.closeAllConnections(), server.close()) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
function http(...allow: string[]): OutboundHttp {
  const made = createOutboundHttp({ allow, now });
  closing.push(made);
  return made;
}

describe('createOutboundHttp', () => {
  it('returns a 2xx with its body', async () => {
    const origin = await start((request, response) => request.pipe(response.writeHead(201)));
    expect(await http(origin).call({ method: 'POST', url: `${origin}/x`, body: 'hello', signal })).toMatchObject({
      status: 201,
      body: 'hello',
    });
  });

  it.each([
    [400, 'http.refused', undefined],
    [404, 'http.refused', undefined],
    [302, 'http.refused', undefined],
    [429, 'http.unavailable', 7_000],
    [408, 'http.unavailable', 7_000],
    [503, 'http.unavailable', 7_000],
  ])('turns %i into %s', async (status, code, retryAfterMs) => {
    const origin = await start((_request, response) =>
      response.writeHead(status, { 'retry-after': '7', location: 'http://127.0.0.1:1/' }).end(),
    );
    await expect(http(origin).call({ method: 'GET', url: origin, signal })).rejects.toMatchObject({ code, happened: 'no', retryAfterMs });
  });

  it.each([
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://localhost',
    'https://10.0.0.1',
    'https://169.254.169.254',
    'https://[64:ff9b::7f00:1]',
    'https://[2002:7f00:1::]',
    'https://[fd00::1]',
    'https://0.0.0.0',
  ])('does not reach %s', async (url) => {
    await expect(http().call({ method: 'GET', url: `${url}:9/`, signal })).rejects.toMatchObject({ code: 'http.blocked' });
  });

  it('refuses plain http to a host that is not listed', async () => {
    await expect(http().call({ method: 'GET', url: 'http://example.com/', signal })).rejects.toMatchObject({ code: 'http.blocked' });
  });

  it('lets a listed range through, and nothing beside it', async () => {
    const origin = await start((_request, response) => response.end('in'));
    expect(await http('127.0.0.0/30').call({ method: 'GET', url: origin, signal })).toMatchObject({ body: 'in' });
    await expect(http('127.0.0.4/30').call({ method: 'GET', url: origin, signal })).rejects.toMatchObject({ code: 'http.blocked' });
  });

  it('speaks TLS to an address that it lets through', async () => {
    const hello: Buffer[] = [];
    const server = createTcpServer((socket) =>
      socket.on('error', () => {}).once('data', (bytes: Buffer) => (hello.push(bytes), socket.destroy())),
    );
    closing.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    await expect(http('127.0.0.0/8').call({ method: 'GET', url, signal })).rejects.toMatchObject({ code: 'http.unavailable' });
    expect(hello[0]?.subarray(0, 2)).toEqual(Buffer.from([0x16, 0x03])); // a handshake record of TLS (RFC 8446, 5.1)
  });

  it('gives up on an answer that never ends', async () => {
    const origin = await start((_request, response) => void response.writeHead(200).write('a'));
    await expect(http(origin).call({ method: 'GET', url: origin, timeoutMs: 200, signal })).rejects.toMatchObject({
      code: 'http.unavailable',
      happened: 'unknown',
    });
  });

  it('reads no more than a megabyte', async () => {
    const origin = await start((_request, response) => response.end(Buffer.alloc(3 * 1024 * 1024)));
    await expect(http(origin).call({ method: 'GET', url: origin, signal })).rejects.toMatchObject({ code: 'http.unavailable' });
  });

  it('knows that nothing was sent when nobody listens', async () => {
    await expect(http('http://127.0.0.1:1').call({ method: 'POST', url: 'http://127.0.0.1:1/', signal })).rejects.toMatchObject({
      code: 'http.unavailable',
      happened: 'no',
    });
  });
});

describe('createBlockedAddresses', () => {
  it('leaves public addresses alone', () => {
    const list = createBlockedAddresses([]);
    expect([list.check('1.1.1.1', 'ipv4'), list.check('2606:4700::1', 'ipv6')]).toEqual([false, false]);
  });

  it('blocks both sides of a hole', () => {
    const list = createBlockedAddresses(['10.1.0.0/16', 'fd00:1::/32', 'example.com']);
    expect(['10.0.255.255', '10.1.0.0', '10.1.255.255', '10.2.0.0'].map((address) => list.check(address, 'ipv4'))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(['fd00::1', 'fd00:1::1', 'fd00:2::1'].map((address) => list.check(address, 'ipv6'))).toEqual([true, false, true]);
  });
});
