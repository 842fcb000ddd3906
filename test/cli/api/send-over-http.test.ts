import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sendOverHttp } from '../../../src/cli/api/send-over-http.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A server that answers everything so, and tells what it was asked. */
async function answering(status: number, headers: Readonly<Record<string, string>> = {}) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    request.resume().on('end', () => response.writeHead(status, headers).end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `http://127.0.0.1:${port}`, port, asked };
}

test('says who asks, and brings the token', async () => {
  const { url, asked } = await answering(200);
  const send = sendOverHttp({ url: `${url}/prefix`, token: 'hlk_x', operator: 'anna' });
  expect(await send({ method: 'PUT', path: '/api/stock', body: '{}' })).toEqual({ status: 200, body: new TextEncoder().encode('{}') });
  expect(asked[0]).toMatchObject({
    method: 'PUT',
    url: '/prefix/api/stock',
    headers: { authorization: 'Bearer hlk_x', 'x-hookline-operator': 'anna', 'content-type': 'application/json' },
  });
});

test('brings no token where there is none, and no type where there is no body', async () => {
  const { url, asked } = await answering(200);
  await sendOverHttp({ url, operator: 'anna' })({ method: 'GET', path: '/api/stock' });
  expect(Object.keys(asked[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization', 'content-type']));
});

test('follows no redirection: the token is for one place alone', async () => {
  const elsewhere = await answering(200);
  const { url } = await answering(307, { location: `${elsewhere.url}/api/stock` });
  expect((await sendOverHttp({ url, token: 'hlk_x', operator: '' })({ method: 'GET', path: '/api/stock' })).status).toBe(307);
  expect(elsewhere.asked).toEqual([]);
});

test('tells where nothing answers', async () => {
  const { url } = await answering(200);
  servers.splice(0).forEach((server) => server.close());
  await expect(sendOverHttp({ url, operator: '' })({ method: 'GET', path: '/api/stock' })).rejects.toMatchObject({
    code: 'api.unreachable',
    message: `api.unreachable: got ECONNREFUSED, in ${url}`,
  });
});

test('gives up when it is told to', async () => {
  const { url } = await answering(200);
  const send = sendOverHttp({ url, operator: '', signal: AbortSignal.abort() });
  await expect(send({ method: 'GET', path: '/api/stock' })).rejects.toMatchObject({ code: 'api.unreachable' });
});
