import { afterAll, describe, expect, test } from 'vitest';
import type { Verifier } from '../../src/ingress/receive.ts';
import hookline from '../../src/providers/hookline.ts';
import { openRaw, postRaw, toBytes } from '../support/raw-http.ts';
import { sign, startIngress, type TestIngress } from './ingress-fixture.ts';

const running: TestIngress[] = [];
afterAll(() => Promise.all(running.map(({ ingress }) => ingress.close())));

/** Starts a listener whose provider keeps the URLs that it is asked to verify. */
async function start(publicUrl?: string): Promise<{ readonly port: number; readonly urls: (string | undefined)[] }> {
  const urls: (string | undefined)[] = [];
  const verify: Verifier['verify'] = (request, context) => {
    urls.push(request.url);
    return hookline.verify(request, context);
  };
  const started = await startIngress({ publicUrl, providers: [{ ...hookline, verify }] });
  running.push(started);
  return { port: started.port, urls };
}

const headers = [sign('{}')];

describe('the URL that a provider verifies', () => {
  test('is `publicUrl` with path and query as they came', async () => {
    const { port, urls } = await start('https://hooks.example/');
    await postRaw(port, { path: '/webhooks/shop?b=2&a=%C3%A4', headers, body: '{}' });
    expect(urls).toEqual(['https://hooks.example/webhooks/shop?b=2&a=%C3%A4']);
  });

  test('is the address of the listener where there is no `publicUrl`', async () => {
    const { port, urls } = await start();
    await postRaw(port, { path: '/webhooks/shop', headers, body: '{}' });
    expect(urls).toEqual([`http://127.0.0.1:${port}/webhooks/shop`]);
  });

  test('has our host, whatever `Host` and request line say', async () => {
    const { port, urls } = await start('https://hooks.example');
    const connection = await openRaw(port);
    const request = toBytes({ path: 'http://evil.example/webhooks/shop?a=1', headers, body: '{}' }).toString('latin1');
    connection.send(request.replace('Host: localhost', 'Host: evil.example'));
    expect((await connection.response()).status).toBe(200);
    expect(urls).toEqual(['https://hooks.example/webhooks/shop?a=1']);
    connection.destroy();
  });
});
