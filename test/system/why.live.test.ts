import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { explain } from '../../src/admin/why/explain.ts';
import { createReadPendingSteps } from '../../src/runtime/read-pending-steps.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { createStore } from '../../src/store/store.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const MAIL = 'email.sendOrderConfirmation';
const EMAIL: Switch = { verb: 'pause', kind: 'agent', name: 'email' };
const ADAPTER: Switch = { verb: 'pause', kind: 'adapter', name: 'mail' };
const INVENTORY: Switch = { verb: 'pause', kind: 'agent', name: 'inventory' };

let system: System;
let ingress: HooklineProcess;
let temporal: TemporalClient;

beforeAll(async () => {
  system = await startSystem();
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: 'smtp://127.0.0.1:1' })]);
});
afterAll(async () => {
  await system.close();
  await temporal.close();
});

const post = async (): Promise<string> => {
  const id = randomUUID();
  await system.post(ingress, orderOf(id));
  return id;
};
const whyOf = async (id: string, client: TemporalClient = temporal) => {
  const now = (): Date => new Date();
  const pendingSteps = createReadPendingSteps({ ...client, now });
  return (await explain({ store: createStore({ pool: system.database.pool }), pendingSteps, now: now() }, { about: id })).explanations[0];
};
const PATIENCE = { timeout: 20_000, interval: 200 } as const;
const pause = (one: Switch) => setSwitch(system.database.pool, one, { by: 'test', reason: null });
const resume = (one: Switch) => clearSwitch(system.database.pool, one);
const said = (text: RegExp): string => expect.stringMatching(text) as string; // stands for one in what is expected

test('a step that is tried again and again is told with what it ends', async () => {
  const id = await post();
  await expect
    .poll(() => whyOf(id), PATIENCE)
    .toMatchObject({
      verdict: 'running',
      step: MAIL,
      code: 'mail.unavailable',
      said: said(
        /^`new-order` is running at step `email\.sendOrderConfirmation` for .*; the last try ended with mail\.unavailable: .*; the next is/,
      ),
      fix: 'check `mail.smtp` and the server',
    });
});

test.each<[string, Switch, string]>([
  ['an agent outside', EMAIL, MAIL],
  ['an adapter', ADAPTER, MAIL],
  ['an agent of our own tables', INVENTORY, 'inventory.reserve'],
])('a run waits for the switch of %s, not for others', async (_name, one, step) => {
  const other: Switch = { verb: 'pause', kind: 'agent', name: 'crm' };
  await Promise.all([pause(one), pause(other)]);
  const id = await post();
  await expect
    .poll(() => whyOf(id), PATIENCE)
    .toMatchObject({
      verdict: 'paused',
      step,
      code: 'action.paused',
      said: said(new RegExp(`wait at step .${step}.: paused by .pause ${one.kind} ${one.name}.`)),
      fix: `\`hookline resume ${one.kind} ${one.name}\` when it may go on`,
    });
  await Promise.all([resume(one), resume(other)]);
  await expect.poll(() => whyOf(id), PATIENCE).toMatchObject({ verdict: 'running', step: MAIL, code: 'mail.unavailable' });
});

test('without Temporal what the ledger has is told, and that it cannot be asked', async () => {
  const id = await post();
  await expect.poll(() => whyOf(id), PATIENCE).toMatchObject({ step: MAIL });
  const gone = createTemporalClient({ address: '127.0.0.1:1', namespace: system.namespace });
  expect(await whyOf(id, gone)).toMatchObject({ verdict: 'running', step: MAIL, said: said(/Temporal cannot be asked/) });
  await gone.close();
});
