import { describe, expect, test } from 'vitest';
import { openRaw, openRawTls } from '../support/raw-http.ts';
import { createLatch } from './ingress-fixture.ts';
import { HALF_A_HANDSHAKE, POST, useTlsIngresses } from './tls-ingress.ts';

const { start } = useTlsIngresses();

describe('draining under TLS', () => {
  test('ends in under 1 s while senders hold idle connections, spare ones and silent ones', async () => {
    const { ingress, port, ca } = await start();
    const idle = await openRawTls(port, { ca });
    idle.send(POST);
    await idle.response();
    const spare = await openRawTls(port, { ca });
    const silent = await openRaw(port);
    const startedAt = Date.now();
    await ingress.drain();
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    for (const connection of [idle, spare, silent]) expect(await connection.closed()).toBe('');
  });

  test('answers every request of busy senders, and resets none of their connections', async () => {
    const { ingress, port, ca, recorded } = await start();
    let answered = 0;
    const resets: unknown[] = [];
    const busy = async (): Promise<void> => {
      const connection = await openRawTls(port, { ca });
      connection.socket.on('error', (error) => resets.push(error));
      for (let closing = false; !closing; answered += 1) {
        connection.send(POST);
        const response = await connection.response();
        expect(response.status).toBe(200);
        closing = response.headers.get('connection') === 'close';
      }
      await connection.closed();
    };
    const senders = Array.from({ length: 10 }, busy);
    await expect.poll(() => answered).toBeGreaterThan(20);
    await Promise.all([ingress.drain(), ...senders]);
    expect(resets).toEqual([]);
    expect(recorded.deliveries).toHaveLength(answered);
  });

  test('lets requests in flight finish', async () => {
    const [commit, arrived] = [createLatch(), createLatch()];
    const { ingress, port, ca } = await start({
      limits: { drainServeMs: 20 },
      inbox: {
        add: async () => {
          arrived.open();
          await commit.opened;
          return [];
        },
      },
    });
    const waiting = await openRawTls(port, { ca });
    waiting.send(POST);
    await arrived.opened;
    const drained = ingress.drain();
    await expect
      .poll(() =>
        openRaw(port).then(
          (late) => (late.destroy(), 'open'),
          () => 'closed',
        ),
      )
      .toBe('closed');
    commit.open();
    expect((await waiting.response()).status).toBe(200);
    await drained;
  });

  test('cuts off at once when it is told to, handshakes under way too', async () => {
    const { ingress, port, ca } = await start();
    const halfway = await openRaw(port);
    halfway.send(HALF_A_HANDSHAKE);
    const open = await openRawTls(port, { ca });
    const startedAt = Date.now();
    await ingress.close();
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    for (const connection of [halfway, open]) await connection.closed();
  });
});
