import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, through, type FaultProxy, type TrapPoint } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let proxy: FaultProxy;
beforeEach(async () => {
  system = await startSystem();
  proxy = await startFaultProxy(Number(new URL(system.database.url).port));
});
afterEach(async () => {
  await system.close();
  await proxy.close();
});

const mailCounts = async (ids: readonly string[]): Promise<readonly number[]> => {
  const mails = (await system.mail.mails()).map((mail) => JSON.stringify(mail.to));
  return ids.map((id) => mails.filter((to) => to.includes(id)).length);
};
const doneOf = async (ids: readonly string[]): Promise<number> =>
  (await system.runs()).filter(({ event_id, state }) => state === 'done' && ids.includes(event_id)).length;
/** Posts until it is acknowledged, as a provider does. */
const insist = async (ingress: () => HooklineProcess, id: string): Promise<void> => {
  for (;;) {
    const answer = await system.post(ingress(), orderOf(id)).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(100);
  }
};

describe('an ingress that is killed', () => {
  it('loses nothing that it has acknowledged, under load', async () => {
    let ingress = await system.startIngress();
    await system.startWorker();
    const acknowledged: string[] = [];
    let sending = true;
    const senders = Array.from({ length: 8 }, async () => {
      while (sending) {
        const id = randomUUID();
        const answer = await system.post(ingress, orderOf(id)).catch(() => undefined);
        if (answer?.status === 200) acknowledged.push(id);
        else await sleep(50);
      }
    });
    for (let kill = 0; kill < 3; kill += 1) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before + 40);
      await ingress.kill();
      ingress = await system.startIngress();
    }
    sending = false;
    await Promise.all(senders);

    const known = new Set((await system.runs()).map(({ event_id }) => event_id));
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    await expect.poll(() => doneOf(acknowledged), { timeout: 90_000, interval: 200 }).toBe(acknowledged.length);
    expect((await mailCounts(acknowledged)).every((count) => count === 1)).toBe(true);
  }, 180_000);

  it.each<[string, TrapPoint]>([
    ['inbox.insert', 'beforeForward'],
    ['inbox.insert', 'afterReply'],
    ['runs.claim', 'beforeForward'],
    ['runs.claim', 'afterReply'],
    ['runs.markStarted', 'beforeForward'],
    ['runs.markStarted', 'afterReply'],
  ])(
    'at `%s`, %s: the event has one run, which ends, and its effects happen once',
    async (text, point) => {
      const id = randomUUID();
      let ingress = await system.startIngress({ databaseUrl: through(system.database.url, proxy) });
      await system.startWorker();
      // A first event has the statements prepared, so that the trap meets the one that counts.
      const first = randomUUID();
      await insist(() => ingress, first);
      await expect.poll(() => doneOf([first]), { timeout: 20_000 }).toBe(1);

      const killed = proxy.arm({ text, point, act: () => process.kill(ingress.pid, 'SIGKILL') });
      const acknowledged = insist(() => ingress, id);
      await killed;
      ingress = await system.startIngress();
      await acknowledged;

      await expect.poll(() => doneOf([id]), { timeout: 40_000, interval: 100 }).toBe(1);
      expect((await system.runs()).filter(({ event_id }) => event_id === id)).toHaveLength(1);
      expect(await mailCounts([id])).toEqual([1]);
    },
    90_000,
  );
});
