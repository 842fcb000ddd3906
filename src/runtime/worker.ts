import type { NativeConnection, WorkflowBundle } from '@temporalio/worker';
import { agents } from '../activities/catalogue.gen.ts';
import { createActivities, type ActivitiesOptions } from '../activities/create-activities.ts';
import { TASK_QUEUE } from '../contracts/names.ts';
import { withChainThreads } from './chain-worker.ts';

/** A worker that takes tasks until it is closed. */
export interface RunningWorker {
  /** Resolves when the worker has ended; rejects when it has failed. */
  readonly ended: Promise<void>;
  /** Takes no new task, lets running actions end, then ends the worker. */
  close(): Promise<void>;
}

/** What a worker runs with. */
export interface WorkerOptions extends Omit<ActivitiesOptions, 'agents'> {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly bundle: WorkflowBundle;
  /** Shown in the Temporal UI beside each task. */
  readonly identity: string;
  readonly maxCachedWorkflows: number;
  readonly maxConcurrentActivities: number;
  /** How long running actions may take to end after `close`, in milliseconds. */
  readonly shutdownGraceMs: number;
}

/** Starts a worker for all chains and all agents; resolves when it polls. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { connection, namespace, bundle, identity, shutdownGraceMs, maxCachedWorkflows, maxConcurrentActivities, ...rest } = options;
  const worker = await withChainThreads(options.log).create({
    connection,
    namespace,
    identity,
    taskQueue: TASK_QUEUE,
    workflowBundle: bundle,
    activities: createActivities({ ...rest, agents }),
    maxCachedWorkflows,
    maxConcurrentActivityTaskExecutions: maxConcurrentActivities,
    // A worker that was killed leaves its cached runs behind; after this long another takes them.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    shutdownGraceTime: shutdownGraceMs,
    shutdownForceTime: shutdownGraceMs + 2_000,
  });
  const ended = worker.run();
  ended.catch(() => undefined); // whoever awaits `ended` or `close` sees the failure
  return {
    ended,
    async close() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}
