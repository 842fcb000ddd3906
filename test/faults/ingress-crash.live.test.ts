import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createTemporalClient } from '../../src/runtime/temporal-client.ts';
import { startFaultProxy, through, type FaultProxy, type TrapPoint } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import type { Answer } from '../support/signed-posts.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let proxy: FaultProxy;
let goodIngress: Promise<HooklineProcess> | undefined;
/** One that takes over from those that are killed, there from the first need on. */
const sound = (): Promise<HooklineProcess> => (goodIngress ??= system.startIngress());
beforeAll(async () => {
  system = await startSystem();
  proxy = await startFaultProxy(Number(new URL(system.database.url).port));
});
afterAll(async () => {
  await system.close();
  await proxy.close();
});

const count = async (table: 'events' | 'runs', ids: readonly string[]): Promise<number> => {
  const { rows } = await system.database.pool.query<{ readonly n: number }>({
    name: `test.count.${table}`,
    text: `SELECT count(*)::int AS n FROM events e ${table === 'runs' ? 'JOIN runs r ON r.event_uuid = e.uuid' : ''} WHERE e.event_id LIKE ANY ($1)`,
    values: [ids.map((id) => `${id}%`)], // also what a broken product would have made of the ids
  });
  return rows[0]?.n ?? -1;
};
/** Processes start and leases run out, on a machine that may be busy. */
const PATIENT = { timeout: 150_000 } as const;
const post = (ingress: HooklineProcess, id: string): Promise<Answer | undefined> =>
  system.post(ingress, orderOf(id)).catch(() => undefined);
/** Posts until it is acknowledged, as a provider does; that answer. */
const insist = async (ingress: HooklineProcess, body: object): Promise<Answer> => {
  for (;;) {
    const answer = await system.post(ingress, body);
    if (answer.status === 200) return answer;
    await sleep(100);
  }
};
/** An ingress that is killed when the statement passes by; it has prepared all of its statements by then. */
const startDoomed = async (
  text: string,
  point: TrapPoint,
): Promise<{ readonly ingress: HooklineProcess; readonly killed: Promise<void> }> => {
  const ingress = await system.startIngress({ databaseUrl: through(system.database.url, proxy) });
  const first = randomUUID();
  await insist(ingress, orderOf(first));
  await expect
    .poll(async () => (await system.runs()).find(({ event_id }) => event_id === first)?.state, { timeout: 60_000 })
    .toBe('started');
  return { ingress, killed: proxy.arm({ text, point, act: () => process.kill(ingress.pid, 'SIGKILL') }) };
};

// first, while no other ingress could be quicker than the one that is killed
it(
  'an ingress that is killed after a start, before it has written so: the next one takes that run, and starts no other',
  PATIENT,
  async () => {
    const { ingress, killed } = await startDoomed('runs.markStarted', 'beforeForward');
    const id = randomUUID();
    void post(ingress, id);
    await killed;
    const temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
    const started = await temporal.client.workflow.getHandle(`erp.${id}`).describe();
    // over by the time that the next one looks, as a short run is: an open one would keep a second one out by itself
    await temporal.client.workflow.getHandle(`erp.${id}`).terminate();

    await sound();
    const runOf = async () => (await system.runs()).find(({ event_id }) => event_id === id);
    await expect.poll(async () => (await runOf())?.run_id, { timeout: 60_000, interval: 50 }).not.toBeNull();
    expect((await runOf())?.run_id).toBe(started.runId);
    expect((await temporal.client.workflow.getHandle(`erp.${id}`).describe()).runId).toBe(started.runId);
    await temporal.close();
  },
);

it('an ingress that is killed before a commit has acknowledged nothing of it, and what is sent again is taken once', PATIENT, async () => {
  const { ingress, killed } = await startDoomed('inbox.insert', 'beforeForward');
  const ids = Array.from({ length: 20 }, (): string => randomUUID());
  const answers = await Promise.all(ids.map((id) => post(ingress, id)));
  await killed;
  const acknowledged = ids.filter((_id, at) => answers[at]?.status === 200);
  expect(await count('events', acknowledged)).toBe(acknowledged.length);
  expect(acknowledged.length).toBeLessThan(ids.length);

  const next = await sound();
  await Promise.all(ids.map((id) => insist(next, orderOf(id))));
  expect([await count('events', ids), await count('runs', ids)]).toEqual([20, 20]);
});

it('an ingress that is killed between the commit and the answer: the sender sends again, and meets the one event', PATIENT, async () => {
  const { ingress, killed } = await startDoomed('inbox.insert', 'afterReply');
  const id = randomUUID();
  expect((await post(ingress, id))?.status).not.toBe(200);
  await killed;
  expect(await count('events', [id])).toBe(1);

  const next = await sound();
  expect((await insist(next, orderOf(id))).body.status).toBe('duplicate');
  expect([await count('events', [id]), await count('runs', [id])]).toEqual([1, 1]);
});

it(
  'fifty copies of one delivery that come to two ingresses at once make one event and one run, and each is acknowledged',
  PATIENT,
  async () => {
    const ingresses = await Promise.all([sound(), system.startIngress()]);
    const id = randomUUID();
    const body = orderOf(id); // the same bytes each time
    const answers = await Promise.all(Array.from({ length: 25 }, () => ingresses.map((ingress) => insist(ingress, body))).flat());
    expect(answers.filter((answer) => answer.body.status === 'accepted').length).toBeLessThanOrEqual(1); // none where that answer was late
    expect(answers.filter((answer) => answer.body.status === 'duplicate').length).toBeGreaterThanOrEqual(49);
    expect([await count('events', [id]), await count('runs', [id])]).toEqual([1, 1]);
  },
);
