import { Runtime } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import { installTemporalRuntime } from '../runtime/install-temporal-runtime.ts';
import { createTemporalMetrics } from '../runtime/temporal-metrics.ts';

/** The SDK's native part of this process. */
export interface TemporalRuntime {
  /** What it measures, as text; empty where it cannot be read. Never rejects. */
  readMetrics(): Promise<string>;
  close(): Promise<void>;
}

/** A port that was free a moment ago may be taken. */
const TRIES = 3;

/**
 * Sets up the SDK's native part, once a process. Close it at the end: it ends by itself only with the last connection that it has
 * made, and a start that fails before the first one would never let its process end.
 */
export async function startTemporalRuntime(log: Log): Promise<TemporalRuntime> {
  const readMetrics = await install(log);
  const runtime = Runtime.instance();
  return { readMetrics, close: () => runtime.shutdown() };
}

/** Metrics are no reason not to work: where no port can be had, the SDK runs without them, and the log says why. */
async function install(log: Log): Promise<TemporalRuntime['readMetrics']> {
  for (let tried = 1; ; tried++) {
    try {
      const metrics = await createTemporalMetrics();
      installTemporalRuntime(log, metrics);
      return metrics.read;
    } catch (error) {
      if (tried < TRIES) continue;
      log.warn({ component: 'temporal', err: error }, 'metrics of the Temporal SDK cannot be had');
      installTemporalRuntime(log);
      return async () => '';
    }
  }
}
