import { describe, expect, it } from 'vitest';

import { openRaw, postRaw, toBytes } from '../support/raw-http.ts';
import type { RawConnection } from '../support/raw-http.ts';
import { sign, startIngress } from './ingress-fixture.ts';

const request = toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' });

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

  it('lets a request in flight finish, also one whose body is still coming', async () => {
    const commit = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const { ingress, port } = await startIngress({ limits: { drainServeMs: 20 }, inbox: { add: async () => { arrived.resolve(); await commit.promise; return []; } } });
    const waiting = await openRaw(port);
    waiting.send(request);
    await arrived.promise;
    const halfway = await openRaw(port);
    halfway.send(request.subarray(0, -1));
    const drained = ingress.drain();
    await expect.poll(() => openRaw(port).then((late) => (late.destroy(), 'open'), () => 'closed')).toBe('closed');
    halfway.send(request.subarray(-1));
    commit.resolve();
    expect((await waiting.response()).status).toBe(200);
    expect((await halfway.response()).status).toBe(200);
    await drained;
  });

  it('cuts off what is still open after the grace', async () => {
    const { ingress, port } = await startIngress({ limits: { drainServeMs: 10, drainGraceMs: 100 }, inbox: { add: () => new Promise(() => undefined) } });
    const stuck = await openRaw(port);
    stuck.send(request);
    await ingress.drain();
    expect(await stuck.closed()).toBe('');
  });

  it('may be asked for twice, and before anything listens', async () => {
    const { ingress } = await startIngress({ limits: { drainServeMs: 10 } });
    await Promise.all([ingress.drain(), ingress.drain()]);
    await ingress.close();
  });
});
