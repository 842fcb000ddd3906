import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let smtp: ScriptedSmtp;
let system: System;
let temporal: TemporalClient;
const HOLD_ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };

beforeAll(async () => {
  smtp = await startScriptedSmtp({ thinkMs: 50 });
  system = await startSystem();
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
});
afterAll(async () => {
  await system.close();
  await Promise.all([smtp.close(), temporal.close()]);
});

it('everything held while runs are in flight, and the worker killed meanwhile: nothing fails, and each effect happens once', async () => {
  const [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
  const stock = await system.stockOf('MUG');
  const ids = Array.from({ length: 6 }, () => randomUUID());
  for (const id of ids) await system.post(ingress, orderOf(id));
  await expect.poll(() => smtp.received.length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(0);
  await setSwitch(system.database.pool, HOLD_ALL, { by: 'test', reason: null });
  const pendingOf = async (id: string) =>
    (await temporal.client.workflow.getHandle(`erp.${id}`).describe()).raw.pendingActivities?.[0]?.lastFailure?.message;
  const waiting = async (): Promise<number> =>
    (await Promise.all(ids.map((id) => pendingOf(id).catch(() => null)))).filter((one) => one === 'action.paused: in `hold all`').length;
  await expect.poll(waiting, { timeout: 20_000 }).toBeGreaterThan(0);
  // a mail that was going out when the hold came ends normally, and is no matter of this test
  const sending = { name: 'test.sending', text: `SELECT FROM effects WHERE state = 'sending'` };
  await expect.poll(async () => (await system.database.pool.query(sending)).rowCount, { timeout: 20_000 }).toBe(0);
  process.kill(worker.pid, 'SIGKILL');
  await system.startWorker({ smtpUrl: smtp.url });
  const before = smtp.received.length;
  await expect.poll(waiting, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(smtp.received.length).toBe(before);
  await clearSwitch(system.database.pool, HOLD_ALL);
  const states = async (): Promise<readonly string[]> => (await system.runs()).map(({ state }) => state);
  await expect.poll(states, { timeout: 40_000, interval: 100 }).toEqual(ids.map(() => 'done'));
  expect(ids.map((id) => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length)).toEqual(ids.map(() => 1));
  expect(await system.stockOf('MUG')).toBe(stock - 2 * ids.length);
}, 90_000);
