import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/names.ts';
import { withDeadline } from '../temporal-client.ts';

/** What a probe needs. */
export interface ProbeOptions {
  readonly connection: Connection;
  readonly namespace: string;
  /** Gives up, with the last error, after this long. */
  readonly timeoutMs: number;
}

/** Nobody polls it: the probe's workflow never runs. */
const PROBE_QUEUE = 'hookline-setup';
const DEADLINE_MS = 5_000;
const PAUSE_MS = 250;

/**
 * Resolves once Temporal takes a start with our search attributes: parts of a server learn of new ones, and of a new namespace, only
 * after some seconds. The workflow that it starts does nothing, and is terminated at once; a minute later it is gone by itself.
 */
export async function probeStart({ connection, namespace, timeoutMs }: ProbeOptions): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await startAndEnd(connection, namespace);
    } catch (error) {
      if (performance.now() - startedAt >= timeoutMs) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

async function startAndEnd(connection: Connection, namespace: string): Promise<void> {
  const workflowId = `hookline-setup-${randomUUID()}`;
  const value = defaultPayloadConverter.toPayload('setup');
  const { runId } = await withDeadline(connection, DEADLINE_MS, () =>
    connection.workflowService.startWorkflowExecution({
      namespace,
      workflowId,
      requestId: workflowId,
      workflowType: { name: 'hookline-setup' },
      taskQueue: { name: PROBE_QUEUE },
      workflowRunTimeout: msToTs(60_000),
      searchAttributes: { indexedFields: Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, value])) },
    }),
  );
  await withDeadline(connection, DEADLINE_MS, () =>
    connection.workflowService.terminateWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
      reason: '`hookline setup` has seen that a start works',
    }),
  );
}
