import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, type Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { withChainThreads } from '../../src/runtime/chain-worker.ts';
import type { TemporalClient } from '../../src/runtime/temporal-client.ts';
import '../support/quiet-temporal.ts';
import { silentLog } from '../support/silent-log.ts';
import { createNamespace } from '../support/temporal.ts';

const taskQueue = 'blocking';
let temporal: TemporalClient;
let native: NativeConnection;
let worker: Worker;
let ended: Promise<void>;

beforeAll(async () => {
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../fixtures/blocking-workflows.ts', import.meta.url)),
  });
  [temporal, native] = await Promise.all([createNamespace(), NativeConnection.connect({ address: inject('temporalAddress') })]);
  worker = await withChainThreads(silentLog).create({ connection: native, namespace: temporal.namespace, taskQueue, workflowBundle });
  ended = worker.run();
}, 60_000);
afterAll(async () => {
  worker.shutdown();
  await ended;
  await Promise.all([native.close(), temporal.close()]);
});

const start = (type: string) => temporal.client.workflow.start(type, { taskQueue, workflowId: randomUUID(), workflowTaskTimeout: '10s' });
const failuresOf = async (handle: Awaited<ReturnType<typeof start>>): Promise<readonly (string | null | undefined)[]> => {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => (failed ? [failed.failure?.message] : []));
};

it('goes on with other chains when the code of one blocks, and tells why that one does not', { timeout: 60_000 }, async () => {
  await expect(start('fine').then((handle) => handle.result())).resolves.toBe('fine');
  const endless = await start('endless');
  const behind = await start('fine'); // waits for the same thread, fails its task with it, and is done afterwards
  await expect(behind.result()).resolves.toBe('fine');
  expect(await failuresOf(endless)).toEqual([expect.stringMatching(/^chain\.blocked: got five seconds without an answer/)]);

  // by now it blocks the thread that is watched, again and again, and nobody else
  for (const until = performance.now() + 12_000; performance.now() < until;) {
    const startedAt = performance.now();
    await expect(start('fine').then((handle) => handle.result())).resolves.toBe('fine');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }
  const { raw } = await endless.describe();
  expect(Number(raw.pendingWorkflowTask?.attempt)).toBeGreaterThanOrEqual(2);
  await endless.terminate();
});
