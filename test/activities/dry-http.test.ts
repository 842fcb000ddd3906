import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDryHttp } from '../../src/activities/dry-http.ts';
import { createOutboundHttp } from '../../src/activities/outbound-http.ts';

let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  socket.destroy();
});
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => void server.close());

const call = (url: string, allow: readonly string[] = [], headers: Readonly<Record<string, string>> = {}) =>
  createDryHttp({ allow }).call({ method: 'POST', url, headers, body: '{}', signal: new AbortController().signal });

describe('createDryHttp', () => {
  it('answers as a success would, and connects to nobody', async () => {
    expect(await call(`${origin}/orders`, [origin])).toEqual({ status: 200, headers: {}, body: '' });
    expect(await call('https://shop.example/orders')).toMatchObject({ status: 200 });
    expect(connections).toBe(0);
  });

  it.each(['http://shop.example/', 'https://10.0.0.1/', 'https://[::1]/', 'http://127.0.0.1:1/', 'https://169.254.169.254/'])(
    'refuses %s as a live call does',
    async (url) => {
      const live = createOutboundHttp({ allow: [], now: () => new Date() });
      const signal = new AbortController().signal;
      await expect(live.call({ method: 'POST', url, signal })).rejects.toMatchObject({ code: 'http.blocked', happened: 'no' });
      await live.close();
      await expect(call(url)).rejects.toMatchObject({ code: 'http.blocked', happened: 'no' });
    },
  );

  it('fails for headers that no call can have, and quotes none of them', async () => {
    const failure: unknown = await call('https://shop.example/', [], { 'x-key': 'canary\r\nx: y' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'http.unavailable', happened: 'no' });
    expect(String(failure)).not.toContain('canary');
  });
});
