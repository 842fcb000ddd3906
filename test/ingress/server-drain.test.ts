import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { openRaw, postRaw, toBytes } from '../support/raw-http.ts';
import type { RawConnection } from '../support/raw-http.ts';
import { createLatch, sign, startIngress } from './ingress-fixture.ts';

const request = toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' });

const KNOCK = fileURLToPath(new URL('../support/knock.ts', import.meta.url));
const BUSY_MS = 300;

async function idle(port: number): Promise<RawConnection> {
  const connection = await openRaw(port);
  connection.send(request);
  await connection.response();
  return connection;
}

describe('draining', () => {
  it('ends in under 1 s while 20 senders hold idle connections and 5 more never sent a byte', async () => {
    const { ingress, port } = await startIngress();
    const idlers = await Promise.all(Array.from({ length: 20 }, () => idle(port)));
    const silent = await Promise.all(Array.from({ length: 5 }, () => openRaw(port)));
    const startedAt = Date.now();
    await ingress.drain();
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    for (const connection of [...idlers, ...silent]) expect(await connection.closed()).toBe('');
  });

  it('still serves for a while, closing each connection behind its reply, and refuses connections afterwards', async () => {
    const { ingress, port, recorded } = await startIngress();
    const kept = await idle(port);
    const drained = ingress.drain();
    kept.send(request);
    const answer = await kept.response();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('connection')).toBe('close');
    const fresh = await postRaw(port, { path: '/webhooks/shop', headers: [sign('{}')], body: '{}' });
    expect([fresh.status, fresh.headers.get('connection')]).toEqual([200, 'close']);
    expect((await postRaw(port, { path: '/nowhere' })).headers.get('connection')).toBe('close');
    await drained;
    await expect(openRaw(port)).rejects.toThrow('ECONNREFUSED');
    expect(recorded.deliveries).toHaveLength(3);
  });

  it('answers every request of busy senders, and resets none of their connections', async () => {
    const { ingress, port, recorded } = await startIngress();
    let answered = 0;
    const busy = async (): Promise<void> => {
      const connection = await openRaw(port);
      for (let closing = false; !closing; answered += 1) {
        connection.send(request);
        const response = await connection.response();
        expect(response.status).toBe(200);
        closing = response.headers.get('connection') === 'close';
      }
      await connection.closed();
    };
    const senders = Array.from({ length: 10 }, busy);
    await expect.poll(() => answered).toBeGreaterThan(20);
    await Promise.all([ingress.drain(), ...senders]);
    expect(recorded.deliveries).toHaveLength(answered);
  });

  it('resets nobody who has connected while the process was busy, and is accepted only now', async () => {
    const { ingress, port } = await startIngress({ limits: { drainServeMs: 50 } });
    const senders = spawn(process.execPath, [KNOCK, String(port), '5', request.toString('base64')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: senders.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    // just before the listener is to be closed
    setTimeout(() => {
      senders.stdin.write('.');
      for (const until = performance.now() + BUSY_MS; performance.now() < until;);
    }, 50);
    const drained = ingress.drain();
    expect(JSON.parse(String((await lines.next()).value))).toEqual(Array.from({ length: 5 }, () => 'HTTP/1.1 200'));
    await drained;
  });

  it('answers a sender who has connected just before the end, and whose request is still on its way', async () => {
    const { ingress, port } = await startIngress({ limits: { drainServeMs: 50, drainSweepMs: 5, drainFreshMs: 60_000 } });
    const drained = ingress.drain();
    const fresh = await openRaw(port);
    const isClosed = (): Promise<boolean> =>
      openRaw(port).then(
        (late) => (late.destroy(), false),
        () => true,
      );
    await expect.poll(isClosed).toBe(true);
    fresh.send(request);
    expect((await fresh.response()).status).toBe(200);
    await drained;
  });

  it('lets a request in flight finish, also one whose head or body is still coming', async () => {
    const commit = createLatch();
    const arrived = createLatch();
    const { ingress, port } = await startIngress({
      limits: { drainServeMs: 20 },
      inbox: {
        add: async () => {
          arrived.open();
          await commit.opened;
          return [];
        },
      },
    });
    const waiting = await openRaw(port);
    waiting.send(request);
    await arrived.opened;
    const halfway = await openRaw(port);
    halfway.send(request.subarray(0, -1));
    const begun = await openRaw(port);
    begun.send(request.subarray(0, 30));
    const drained = ingress.drain();
    await expect
      .poll(() =>
        openRaw(port).then(
          (late) => (late.destroy(), 'open'),
          () => 'closed',
        ),
      )
      .toBe('closed');
    halfway.send(request.subarray(-1));
    begun.send(request.subarray(30));
    commit.open();
    expect((await waiting.response()).status).toBe(200);
    expect((await halfway.response()).status).toBe(200);
    expect((await begun.response()).status).toBe(200);
    await drained;
  });

  it('cuts off what is still open after the grace', async () => {
    const { ingress, port } = await startIngress({
      limits: { drainServeMs: 10, drainGraceMs: 100 },
      inbox: { add: () => new Promise(() => undefined) },
    });
    const stuck = await openRaw(port);
    stuck.send(request);
    await ingress.drain();
    expect(await stuck.closed()).toBe('');
  });

  it('may be asked for twice, and be cut short', async () => {
    const { ingress, port } = await startIngress({ limits: { drainServeMs: 200 } });
    const drained = Promise.all([ingress.drain(), ingress.drain()]);
    await ingress.close();
    await expect(openRaw(port)).rejects.toThrow('ECONNREFUSED');
    await drained;
  });
});
