import { Runtime } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import { installTemporalRuntime } from '../runtime/install-temporal-runtime.ts';

/**
 * Sets up the SDK's native part, once a process. Close it at the end: it ends by itself only with the last connection that it has
 * made, and a start that fails before the first one would never let its process end.
 */
export function startTemporalRuntime(log: Log): { close(): Promise<void> } {
  installTemporalRuntime(log);
  const runtime = Runtime.instance();
  return { close: () => runtime.shutdown() };
}
