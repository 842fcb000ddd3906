import { afterEach, describe, expect, it } from 'vitest';

import { SHOP, sign, startIngress } from '../ingress/ingress-fixture.ts';
import type { TestIngress } from '../ingress/ingress-fixture.ts';
import { POST, useTlsIngresses } from '../ingress/tls-ingress.ts';
import { openRaw, openRawTls, toBytes } from '../support/raw-http.ts';
import type { RawConnection } from '../support/raw-http.ts';

const path = '/webhooks/shop';
const LIMIT = 20;
const unsigned = toBytes({ path, headers: [['Connection', 'keep-alive']], body: '{}' });

const running: TestIngress[] = [];
const opened: RawConnection[] = [];
const tls = useTlsIngresses();
afterEach(async () => {
  for (const connection of opened.splice(0)) connection.destroy();
  for (const { ingress } of running.splice(0)) await ingress.close();
});

async function start(): Promise<TestIngress> {
  const test = await startIngress({ sources: [SHOP], limits: { connections: LIMIT } });
  running.push(test);
  return test;
}

async function open(port: number, bytes: string | Uint8Array = ''): Promise<RawConnection> {
  const connection = await openRaw(port);
  opened.push(connection);
  if (bytes.length > 0) connection.send(bytes);
  return connection;
}

async function post(connection: RawConnection): Promise<number> {
  connection.send(toBytes({ path, headers: [sign('{}')], body: '{}' }));
  return (await connection.response()).status;
}

describe('a listener with as many connections as it may have', () => {
  it.each([
    ['never said a word', ''],
    ['never end their head', `POST ${path} HTTP/1.1\r\nHost: a\r\n`],
    ['never end their body', `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n`],
    ['have signed nothing', unsigned],
    ['have asked for what is not there', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('takes a new sender in place of the oldest of those that %s', async (_case, bytes) => {
    const { port, recorded } = await start();
    const held: RawConnection[] = [];
    for (let at = 0; at < LIMIT; at += 1) {
      held.push(await open(port, bytes));
      if (bytes === unsigned) expect((await held[at]?.response())?.status).toBe(401);
    }
    for (let at = 0; at < LIMIT; at += 1) {
      const sender = await open(port);
      expect(await post(sender)).toBe(200);
      await held[at]?.closed();
    }
    expect(recorded.deliveries).toHaveLength(LIMIT);
  });

  it('never gives up one that has brought something signed: a new one is closed', async () => {
    const { port } = await start();
    const senders: RawConnection[] = [];
    for (let at = 0; at < LIMIT; at += 1) {
      const sender = await open(port);
      expect(await post(sender)).toBe(200);
      senders.push(sender);
    }
    expect(await (await open(port)).closed()).toBe('');
    for (const sender of senders) expect(await post(sender)).toBe(200);
  });

  it('has room again for every one that has gone', async () => {
    const { port, ingress } = await start();
    for (let at = 0; at < 3 * LIMIT; at += 1) {
      const sender = await open(port);
      expect(await post(sender)).toBe(200);
      sender.socket.end();
      await sender.closed();
    }
    expect(ingress.server.listening).toBe(true);
  });

  it('says that it gives some up, once in a while', async () => {
    const { port, recorded } = await start();
    for (let at = 0; at < LIMIT; at += 1) expect(await post(await open(port))).toBe(200);
    for (let at = 0; at < 5; at += 1) expect(await (await open(port)).closed()).toBe('');
    expect(recorded.lines.filter(({ message }) => message === 'connections given up')).toMatchObject([
      { level: 'warn', fields: { component: 'ingress', count: 1 } },
    ]);
  });

  it('knows who has signed under TLS too', async () => {
    const { port, ca } = await tls.start({ limits: { connections: 2 } });
    const sender = await openRawTls(port, { ca });
    opened.push(sender);
    sender.send(POST);
    expect((await sender.response()).status).toBe(200);
    const silent = await open(port);
    const other = await openRawTls(port, { ca });
    opened.push(other);
    other.send(POST);
    expect((await other.response()).status).toBe(200);
    expect(await silent.closed()).toBe('');
    sender.send(POST);
    expect((await sender.response()).status).toBe(200);
  });
});
