import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let smtp: ScriptedSmtp;
let ingress: HooklineProcess;
let temporal: TemporalClient;

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  system = await startSystem();
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
beforeEach(() => {
  smtp.script.atRecipient = '250 ok';
});
afterAll(async () => {
  await temporal.close();
  await system.close();
  await smtp.close();
});

const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 40_000, interval: 100 }).toMatchObject(expected);
const mailsTo = (id: string): number => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length;
/** A run whose mail is put off again and again, so that it waits in the middle. */
const startWaiting = async (): Promise<string> => {
  const id = randomUUID();
  smtp.script.atRecipient = '450 later';
  await system.post(ingress, orderOf(id));
  await expect.poll(() => system.effects(id), { timeout: 20_000, interval: 50 }).toContain('email.sendOrderConfirmation intended 0');
  return id;
};

describe('what an operator does in the Temporal UI', () => {
  it('cancel: undoes, stops, and a resend does nothing but say so', async () => {
    const stock = await system.stockOf('MUG');
    const id = await startWaiting();
    await temporal.client.workflow.getHandle(`erp.${id}`).cancel();
    await closesAs(id, { state: 'stopped', code: 'run.cancelled' });
    expect(await system.stockOf('MUG')).toBe(stock);
    expect((await system.post(ingress, orderOf(id))).body).toMatchObject({ status: 'duplicate', stopped: true });
    expect(await runOf(id)).toMatchObject({ state: 'stopped', attempt: 1 });
  });

  it('terminate: undoes nothing, and the row says so by itself', async () => {
    const stock = await system.stockOf('MUG');
    const id = await startWaiting();
    await temporal.client.workflow.getHandle(`erp.${id}`).terminate('as an operator would');
    await closesAs(id, { state: 'stopped', code: 'run.terminated' });
    expect(await system.stockOf('MUG')).toBe(stock - 2);
    await system.post(ingress, orderOf(id));
    expect(await runOf(id)).toMatchObject({ state: 'stopped', attempt: 1 });
  });

  it('reset of a failed run: does again what was undone, and the row becomes done', async () => {
    const stock = await system.stockOf('MUG');
    const id = randomUUID();
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', attempt: 1 });
    smtp.script.atRecipient = '250 ok';
    const handle = temporal.client.workflow.getHandle(`erp.${id}`);
    const { runId } = await handle.describe();
    await temporal.connection.workflowService.resetWorkflowExecution({
      namespace: system.namespace,
      workflowExecution: { workflowId: `erp.${id}`, runId },
      reason: 'as an operator would',
      requestId: randomUUID(),
      workflowTaskFinishEventId: 3 as never, // a Long to the types; the wire takes a number
    });
    await closesAs(id, { state: 'done', attempt: 1 });
    expect([await system.stockOf('MUG'), mailsTo(id)]).toEqual([stock - 2, 1]);
  });

  it('a workflow of somebody else under the same id: the run fails and says so', async () => {
    const id = randomUUID();
    await temporal.client.workflow.start('new-order', { taskQueue: 'nobody', workflowId: `erp.${id}`, args: [] });
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', code: 'run.idTaken' });
    expect(await system.effects(id)).toEqual([]);
    await temporal.client.workflow.getHandle(`erp.${id}`).terminate('the test is over');
  });
});
