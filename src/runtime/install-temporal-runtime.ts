import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Log } from '../contracts/names.ts';
import type { TemporalMetrics } from './temporal-metrics.ts';
import { toWorkerLogger } from './worker-logger.ts';

/**
 * Sets up the SDK's native part for this process: its lines go to our log, its metrics to where they are read from, and signals
 * are left to us. Call it once, before any worker connects. Throws where the address for the metrics cannot be bound; it may then
 * be called again.
 */
export function installTemporalRuntime(log: Log, metrics?: Pick<TemporalMetrics, 'bindAddress'>): void {
  Runtime.install({
    logger: toWorkerLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      ...(metrics === undefined ? {} : { metrics: { prometheus: toExporter(metrics), attachServiceName: false } }),
    },
  });
}

/** Names as Prometheus has them: base units, and counters by their ending. */
function toExporter({ bindAddress }: Pick<TemporalMetrics, 'bindAddress'>) {
  return { bindAddress, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
}
