import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ReadinessReport } from '../../src/admin/readiness.ts';
import { createAccess } from '../../src/admin/access.ts';
import { createAdminServer, type AdminServer } from '../../src/admin/server.ts';
import { openRaw, sayRaw, type RawResponse } from '../support/raw-http.ts';

const REPORT: ReadinessReport = {
  ready: true,
  role: 'ingress',
  phase: 'serving',
  postgres: { up: true },
  temporal: { up: true },
  notes: [],
};
const servers: AdminServer[] = [];
const access = createAccess({
  trustProxy: [],
  auth: 'remote',
  encrypted: false,
  findToken: async () => undefined,
  now: () => new Date(),
});

async function start(report: Partial<ReadinessReport> = {}, metrics = async (): Promise<string> => 'a 1\n'): Promise<string> {
  const server = createAdminServer({ readiness: { report: () => ({ ...REPORT, ...report }) }, metrics, access });
  servers.push(server);
  return server.listen({ host: '127.0.0.1', port: 0, movable: false });
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const portOf = (url: string): number => Number(new URL(url).port);
const get = (url: string, path: string, host = new URL(url).host, method = 'GET'): Promise<RawResponse> =>
  sayRaw(portOf(url), `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

describe('createAdminServer', () => {
  test('says that it is alive, whatever is down', async () => {
    const url = await start({ ready: false });
    expect(await get(url, '/healthz')).toMatchObject({ status: 200, body: '{"status":"alive"}' });
  });

  test.each([
    { ready: true, status: 200 },
    { ready: false, status: 503 },
  ])('answers /readyz $status with the whole report when ready is $ready', async ({ ready, status }) => {
    const answer = await get(await start({ ready, notes: ['a note'] }), '/readyz');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ ...REPORT, ready, notes: ['a note'] });
  });

  test('gives the metrics as the text format that Prometheus asks for', async () => {
    const answer = await get(await start(), '/metrics');
    expect(answer).toMatchObject({ status: 200, body: 'a 1\n' });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test.each(['/healthz', '/readyz', '/metrics', '/nothing'])('lets nobody keep, frame or guess the type of %s', async (path) => {
    const { headers } = await get(await start(), path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  test.each(['evil.example', 'evil.example:8788', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1', ''])(
    'answers 421 to a request for the host `%s`, so that no foreign name leads here',
    async (host) => {
      expect(await get(await start(), '/metrics', host)).toMatchObject({ status: 421, body: '' });
    },
  );

  test.each(['127.0.0.1', 'localhost:9', '[::1]:9'])('answers a request for the host `%s`', async (host) => {
    expect((await get(await start(), '/healthz', host)).status).toBe(200);
  });

  test('answers 404 without a body to every other path and method', async () => {
    const url = await start();
    expect(await get(url, '/')).toMatchObject({ status: 404, body: '' });
    expect(await get(url, '/healthz', '127.0.0.1', 'DELETE')).toMatchObject({ status: 404, body: '' });
  });

  test('answers 500 without a body when metrics cannot be told', async () => {
    const url = await start({}, () => Promise.reject(new Error('a secret')));
    expect(await get(url, '/metrics')).toMatchObject({ status: 500, body: '' });
  });

  test('takes nobody for local who comes by HTTP/1.0, as a proxy does that says nothing of whom it speaks for', async () => {
    const { port } = new URL(await start());
    const ask = (version: string): Promise<RawResponse> => sayRaw(Number(port), `GET /metrics HTTP/${version}\r\nHost: 127.0.0.1\r\n\r\n`);
    expect((await ask('1.0')).status).toBe(401);
    expect((await ask('1.1')).status).toBe(200);
  });

  test.each(['http://evil.example/healthz', 'https://evil.example/healthz'])(
    'answers 421 to a request line that names a host: %s',
    async (target) => {
      expect(await get(await start(), target)).toMatchObject({ status: 421, body: '' });
    },
  );

  test('lets a request in flight finish when it closes, and holds up for nobody who is silent', async () => {
    const metrics = new EventEmitter();
    const entered = once(metrics, 'asked');
    const url = await start({}, async () => {
      metrics.emit('asked');
      const [text]: unknown[] = await once(metrics, 'told');
      return String(text);
    });
    const silent = await openRaw(portOf(url));
    const answer = get(url, '/metrics');
    await entered;
    const closed = servers.splice(0)[0]?.close();
    await expect(once(connect(portOf(url), '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    metrics.emit('told', 'b 2\n');
    expect(await answer).toMatchObject({ status: 200, body: 'b 2\n' });
    const before = performance.now();
    await closed;
    expect(performance.now() - before).toBeLessThan(1_000);
    silent.destroy();
  });

  test('takes the next port where its own is taken and was not given, and refuses one that was', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // a TCP server has this form of address
    const make = (): AdminServer => createAdminServer({ readiness: { report: () => REPORT }, metrics: async () => '', access });
    const [movable, fixed] = [make(), make()];
    servers.push(movable, fixed);
    expect(portOf(await movable.listen({ host: '127.0.0.1', port, movable: true }))).toBeGreaterThan(port);
    await expect(fixed.listen({ host: '127.0.0.1', port, movable: false })).rejects.toMatchObject({ code: 'stack.portTaken' });
    other.close();
    await once(other, 'close');
  });
});
