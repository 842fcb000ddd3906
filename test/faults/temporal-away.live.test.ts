import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';
import { startRoughWay, type RoughWay } from './rough-way.ts';

/** The default of `starter.concurrency`. */
const MOST_STARTS = 20;

let way: RoughWay;
let system: System;
let ingress: HooklineProcess;

beforeAll(async () => {
  way = await startRoughWay(Number(inject('temporalAddress').split(':').at(-1)));
  system = await startSystem();
  const ways = { temporalAddress: way.address };
  [ingress] = await Promise.all([system.startIngress(ways), system.startWorker(ways)]);
});
beforeEach(async () => {
  const id = randomUUID();
  await postAll([id]);
  await finishes([id]); // both are connected
});
afterAll(async () => {
  way.mode = 'open';
  await system.close();
  await way.close();
});

const some = (count: number): readonly string[] => Array.from({ length: count }, () => randomUUID());
/** Posts each until it is acknowledged, as a provider does. */
const postAll = async (ids: readonly string[]): Promise<void> => {
  const insist = async (body: object): Promise<void> => {
    while ((await system.post(ingress, body)).status !== 200) await sleep(100);
  };
  await Promise.all(ids.map((id) => insist(orderOf(id))));
};
const runsOf = async (ids: readonly string[]) => (await system.runs()).filter(({ event_id }) => ids.includes(event_id));
const finishes = async (ids: readonly string[]): Promise<void> => {
  await expect
    .poll(async () => (await runsOf(ids)).map(({ state, attempt }) => `${state} ${attempt}`), { timeout: 120_000, interval: 100 })
    .toEqual(ids.map(() => 'done 1'));
  const mails = (await system.mail.mails()).map(({ to }) => JSON.stringify(to));
  expect(ids.map((id) => mails.filter((to) => to.includes(id)).length)).toEqual(ids.map(() => 1));
};
/** Whole chains on a machine that may be busy. */
const PATIENT = { timeout: 240_000 } as const;
const saysSo = () => ingress.lines.filter(({ code }) => code === 'temporal.unavailable').length;

it(
  'Temporal takes connections and says nothing: events are acknowledged, starts end at their deadline, and all is done once it speaks',
  PATIENT,
  async () => {
    const before = saysSo();
    way.mode = 'silent';
    const ids = some(10);
    await postAll(ids);
    await expect.poll(saysSo, { timeout: 60_000, interval: 50 }).toBeGreaterThan(before);
    const late = some(10);
    await postAll(late);
    expect(new Set((await runsOf([...ids, ...late])).map(({ state }) => state))).toEqual(new Set(['pending']));
    way.mode = 'open';
    await finishes([...ids, ...late]);
  },
);

it(
  'Temporal answers too late: no more starts than may are under way, and one whose answer is lost makes no second run',
  PATIENT,
  async () => {
    const before = saysSo();
    way.mode = { delayMs: 1_500 };
    const ids = some(24);
    await postAll(ids);
    let most = 0;
    await expect
      .poll(
        async () => {
          most = Math.max(most, await underWay());
          return saysSo();
        },
        { interval: 20 },
      )
      .toBe(before + 1);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MOST_STARTS);
    way.mode = 'open';
    await finishes(ids);
  },
);

/** Starts that this process has claimed, and of which it knows nothing yet. */
async function underWay(): Promise<number> {
  const { rows } = await system.database.pool.query<{ readonly n: number }>({
    name: 'test.underWay',
    text: `SELECT count(*)::int AS n FROM runs WHERE state = 'pending' AND lease_until > now()`,
  });
  return rows[0]?.n ?? -1;
}
