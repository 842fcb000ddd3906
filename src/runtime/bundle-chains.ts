import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import { toWorkerLogger } from './worker-logger.ts';

const ENTRY = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Bundles every chain for the sandbox: 1.5 to 4 s once, then for as many workers as wanted. */
export function bundleChains(log: Log): Promise<WorkflowBundle> {
  return bundleWorkflowCode({ workflowsPath: ENTRY, logger: toWorkerLogger(log) });
}
