import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { startFaultProxy, through, type FaultProxy } from '../support/fault-proxy.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const HOLD: Switch = { verb: 'hold', kind: 'source', name: 'erp' };
/** Keeps what is released from Temporal: this is about the inbox. */
const PAUSE: Switch = { verb: 'pause', kind: 'chain', name: 'new-order' };
/** More than two batches of the releaser. */
const EVENTS = 230;
const BATCH = 100;

let system: System;
let proxy: FaultProxy;
beforeEach(async () => {
  system = await startSystem();
  proxy = await startFaultProxy(Number(new URL(system.database.url).port));
  for (const one of [HOLD, PAUSE]) await setSwitch(system.database.pool, one, { by: 'anna', reason: null });
});
afterEach(async () => {
  await system.close();
  await proxy.close();
});

it('a release that is killed in the middle loses nothing: its batch stays held, and the next ingress releases the rest in order', async () => {
  const { events } = createStore({ pool: system.database.pool });
  const ingress = await system.startIngress({ databaseUrl: through(system.database.url, proxy) });
  const ids = Array.from({ length: EVENTS }, () => randomUUID());
  for (const id of ids) expect((await system.post(ingress, orderOf(id))).body.status).toBe('held');

  const written = proxy.watch('RELEASE SAVEPOINT'); // of the first batch
  await clearSwitch(system.database.pool, HOLD);
  await written;
  await proxy.arm({ text: 'events.rerouteMany', point: 'afterForward', act: () => process.kill(ingress.pid, 'SIGKILL') });
  await expect.poll(async () => (await system.runs()).length, { timeout: 5_000 }).toBe(BATCH);
  const held = await events.list({ state: 'held', limit: 1_000 });
  expect(held).toHaveLength(EVENTS - BATCH);

  await system.startIngress();
  await expect.poll(async () => (await system.runs()).length, { timeout: 15_000 }).toBe(EVENTS);
  const runs = (await system.runs()).map(({ event_id }) => event_id);
  expect(runs.toSorted()).toEqual(ids.toSorted());
  const received = new Map((await events.list({ limit: EVENTS })).map(({ eventId, receivedAt }) => [eventId, receivedAt.getTime()]));
  const times = runs.map((id) => received.get(id) ?? 0); // to the millisecond: two of the same may stand either way
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await events.list({ state: 'held', limit: 10 })).toEqual([]);
}, 60_000);
