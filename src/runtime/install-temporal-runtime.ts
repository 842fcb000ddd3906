import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import { toWorkerLogger } from './worker-logger.ts';

/**
 * Sets up the SDK's native part for this process: its lines go to our log, and signals are left to us. Call it once, before
 * any worker connects.
 */
export function installTemporalRuntime(log: Log): void {
  Runtime.install({
    logger: toWorkerLogger(log),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} } },
  });
}
