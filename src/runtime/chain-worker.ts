import type { Logger } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import { ThreadedVMWorkflowCreator } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { createChainThreads, type ChainThread } from './chain-threads.ts';

/**
 * The SDK's worker, with its chains in threads of ours. The SDK has V8 watch every call into a workflow, which starts and ends a thread of
 * the operating system each time: 0.15 ms and more, about twenty times a chain (measured with 1.24 on Node 24).
 */
export function withChainThreads(log: Log): Pick<typeof Worker, 'create'> {
  return class extends Worker {
    protected static override createWorkflowCreator(
      workflowBundle: WorkflowBundleWithSourceMapAndFilename,
      options: CompiledWorkerOptions,
      logger: Logger,
    ): Promise<WorkflowCreator> {
      const start = (given: CompiledWorkerOptions): Promise<WorkflowCreator> => super.createWorkflowCreator(workflowBundle, given, logger);
      if (options.debugMode) return start(options); // no threads: a debugger wants them in the process
      const unwatched = { ...options, isolateExecutionTimeoutMs: UNWATCHED };
      return createChainThreads({ log, startThread: async ({ watched }) => toThread(await start(watched ? options : unwatched)) });
    }
  };
}

/** What `node:vm` takes for no time limit; the SDK hands it through. */
const UNWATCHED = undefined as unknown as number;

function toThread(creator: WorkflowCreator): ChainThread {
  if (!(creator instanceof ThreadedVMWorkflowCreator))
    throw new HooklineError('bug.unexpected', { expected: 'chains in a thread', got: creator.constructor.name });
  return {
    createWorkflow: (workflow) => creator.createWorkflow(workflow),
    destroy: () => creator.destroy(),
    async terminate() {
      // what the SDK keeps to itself: its own way to end a thread is to ask it
      for (const client of creator['workerThreadClients']) await client['workerThread'].terminate();
    },
  };
}
