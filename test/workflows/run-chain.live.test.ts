import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { TASK_QUEUE } from '../../src/contracts/names.ts';
import type { RunInput } from '../../src/contracts/run.ts';
import { orderCreated } from '../../scripts/record/sample-events.ts';
import { startScriptedWorker, type ScriptedAction, type ScriptedWorker } from '../../scripts/record/scripted-worker.ts';
import { createNamespace } from '../support/temporal.ts';

const address = inject('temporalAddress');
let connection: Connection;
let namespace: string;
let client: Client;
let worker: ScriptedWorker | undefined;

beforeAll(async () => {
  ({ namespace } = await createNamespace(address));
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace });
});
afterEach(async () => {
  await worker?.close();
  worker = undefined;
});
afterAll(() => connection.close());

const hold = { lines: [{ sku: 'MUG', wanted: 2, held: 2 }], backordered: false };
const input: RunInput = { event: orderCreated(), attempt: 1, round: 0, ledger: 'new-order', searchAttributes: true };
const refuse: ScriptedAction = () => {
  throw ApplicationFailure.nonRetryable('mail.refused: expected a mail server that takes the mail, got reply 550', 'mail.refused');
};

async function run(
  actions: Readonly<Record<string, ScriptedAction>>,
  options: Partial<Parameters<typeof startScriptedWorker>[0]> = {},
): Promise<WorkflowHandle> {
  worker = await startScriptedWorker({ address, namespace, actions: { 'inventory.reserve': () => hold, ...actions }, ...options });
  return client.workflow.start('new-order', { taskQueue: TASK_QUEUE, workflowId: randomUUID(), args: [input] });
}
const failureOf = async (handle: WorkflowHandle): Promise<unknown> => {
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  return error instanceof WorkflowFailedError ? error.cause : error;
};

describe('runChain', () => {
  it('runs a chain to its end, records it, and shows a checklist', async () => {
    const handle = await run({});
    expect(await handle.result()).toEqual({ backordered: false, lines: hold.lines });
    expect(worker?.outcomes).toEqual([{ state: 'done', code: null, detail: null, result: { backordered: false, lines: hold.lines } }]);
    const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('Order #1001');
    expect(metadata.currentDetails?.match(/✅/g)).toHaveLength(4);
    const described = await handle.describe();
    expect(described.searchAttributes['HooklineOutcome']).toEqual(['done']);
  });

  it('undoes what was done when an action fails for good, and fails with its code', async () => {
    const failure = await failureOf(await run({ 'email.sendOrderConfirmation': refuse }));
    expect(failure).toMatchObject({ type: 'mail.refused' });
    expect(worker?.calls).toEqual(['inventory.reserve 0', 'email.sendOrderConfirmation 0', 'inventory.release 0']);
    expect(worker?.outcomes).toMatchObject([{ state: 'failed', code: 'mail.refused' }]);
  });

  it('says what is still owed when an undo fails', async () => {
    const failure = await failureOf(
      await run({
        'email.sendOrderConfirmation': refuse,
        'inventory.release': () => {
          throw ApplicationFailure.nonRetryable('no', 'bug.unexpected');
        },
      }),
    );
    expect(failure).toMatchObject({ type: 'undo.failed' });
    expect(worker?.outcomes[0]?.detail).toContain('mail.refused');
  });

  it('fails the run, not only its task, when the chain has a bug', async () => {
    const failure = await failureOf(await run({ 'inventory.reserve': () => ({ lines: null }) }));
    expect(failure).toMatchObject({ type: 'chain.bug' });
    expect(worker?.calls.at(-1)).toBe('inventory.release 0');
    expect(worker?.outcomes).toMatchObject([{ state: 'failed', code: 'chain.bug' }]);
  });

  it('undoes and stops when a person cancels', async () => {
    let reached = (): void => {};
    const sending = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { Context } = await import('@temporalio/activity');
    const handle = await run({
      'email.sendOrderConfirmation': async () => {
        const beat = setInterval(() => Context.current().heartbeat(), 100);
        reached();
        await Context.current().cancelled.finally(() => clearInterval(beat));
      },
    });
    await sending;
    await handle.cancel();
    expect(await failureOf(handle)).toBeInstanceOf(CancelledFailure);
    expect(worker?.calls.at(-1)).toBe('inventory.release 0');
    expect(worker?.outcomes).toMatchObject([{ state: 'stopped', code: 'run.cancelled' }]);
  });

  it('closes all the same when the outcome cannot be written', async () => {
    const handle = await run(
      {},
      {
        record: () => {
          throw ApplicationFailure.nonRetryable('no database');
        },
      },
    );
    expect(await handle.result()).toMatchObject({ backordered: false });
  });

  it('keeps a run of an unknown chain alive for a worker that knows it', async () => {
    worker = await startScriptedWorker({ address, namespace, actions: {} });
    const handle = await client.workflow.start('from-the-future', { taskQueue: TASK_QUEUE, workflowId: randomUUID(), args: [input] });
    await expect
      .poll(
        async () =>
          (await handle.fetchHistory()).events?.some(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes),
        { timeout: 10_000 },
      )
      .toBe(true);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate('the test is over');
    expect(await failureOf(handle)).toBeInstanceOf(TerminatedFailure);
  });
});
