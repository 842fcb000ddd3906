import { describe, expect, test } from 'vitest';
import { createProbe } from '../../src/admin/probe.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

/** A server that is asked at once again, answers as the test says, and tells when it was asked. */
function startServer(): { isDown: boolean; seconds: number; readonly check: () => Promise<void>; asked(times: number): Promise<void> } {
  const waiting: { times: number; readonly resolve: () => void }[] = [];
  const server = {
    isDown: false,
    seconds: 0,
    async check() {
      for (const one of waiting) if (--one.times === 0) one.resolve();
      if (server.isDown) throw new Error('no answer');
    },
    asked: (times: number) => new Promise<void>((resolve) => void waiting.push({ times, resolve })),
  };
  return server;
}

describe('createProbe', () => {
  test('takes a server for down until it has answered', async () => {
    const probe = createProbe({ check: () => new Promise(() => {}), toReason: String, now: () => at(5) });
    expect([probe.downSince(), probe.reason(), probe.strainedSince()]).toEqual([at(5), 'it has not answered yet', null]);
  });

  test('tells since when a server is down, however often it is asked, and that it is back', async () => {
    const server = startServer();
    const probe = createProbe({ check: server.check, toReason: String, everyMs: 0, now: () => at(server.seconds) });
    await server.asked(2);
    expect(probe.downSince()).toBeNull();

    server.isDown = true;
    server.seconds = 10;
    await server.asked(3);
    server.seconds = 20;
    await server.asked(3);
    expect([probe.downSince(), probe.reason()]).toEqual([at(10), 'Error: no answer']);

    server.isDown = false;
    await server.asked(3);
    expect([probe.downSince(), probe.reason()]).toEqual([null, null]);
    await probe.close();
  });

  test('takes an answer that it has too much to do for an answer, and tells it until there was none for 10 s', async () => {
    const server = startServer();
    const probe = createProbe({ check: server.check, toReason: String, isStrain: () => true, everyMs: 0, now: () => at(server.seconds) });
    server.isDown = true;
    server.seconds = 5;
    await server.asked(2);
    server.seconds = 8;
    await server.asked(3);
    expect([probe.downSince(), probe.strainedSince()]).toEqual([null, at(5)]);

    server.isDown = false;
    await server.asked(2);
    server.seconds = 17;
    await server.asked(3);
    expect(probe.strainedSince()).toEqual(at(5));
    server.seconds = 18;
    await server.asked(3);
    expect(probe.strainedSince()).toBeNull();
    await probe.close();
  });

  test('asks no more once it is closed', async () => {
    let asked = 0;
    const probe = createProbe({
      check: async () => {
        asked += 1;
      },
      toReason: String,
      everyMs: 0,
      now: () => at(0),
    });
    await probe.close();
    const before = asked;
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(asked).toBe(before);
  });
});
