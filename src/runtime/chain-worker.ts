import type { Logger } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import { ThreadedVMWorkflowCreator, type ThreadedVMWorkflowCreatorOptions } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
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
      if (options.debugMode) return super.createWorkflowCreator(workflowBundle, options, logger);
      const { isolateExecutionTimeoutMs, reuseV8Context } = options;
      const registeredActivityNames = new Set(options.activities.keys());
      const common = { workflowBundle, threadPoolSize: 1, reuseV8Context, registeredActivityNames, logger };
      return createChainThreads({
        log,
        startThread: ({ watched }) =>
          startThread({ ...common, isolateExecutionTimeoutMs: watched ? isolateExecutionTimeoutMs : UNWATCHED }),
      });
    }
  };
}

/** What `node:vm` takes for no time limit; the SDK hands it through. */
const UNWATCHED = undefined as unknown as number;

async function startThread(options: ThreadedVMWorkflowCreatorOptions): Promise<ChainThread> {
  const creator = await ThreadedVMWorkflowCreator.create(options);
  return {
    createWorkflow: (workflow) => creator.createWorkflow(workflow),
    destroy: () => creator.destroy(),
    async terminate() {
      // what the SDK keeps to itself: its own way to end a thread is to ask it
      for (const client of creator['workerThreadClients']) await client['workerThread'].terminate();
    },
  };
}
