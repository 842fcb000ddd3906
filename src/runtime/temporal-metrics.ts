import { fetchTemporalMetrics } from './fetch-temporal-metrics.ts';
import { freePort } from './free-port.ts';

/** What Temporal's SDK measures in this process: its requests, pollers, slots, tasks and caches, all named `temporal_…`. */
export interface TemporalMetrics {
  /** Where the SDK's exporter is to listen: loopback, and a port that was free a moment ago. */
  readonly bindAddress: string;
  /**
   * The values in Prometheus' text format 0.0.4. Empty where the exporter does not answer in full within 1 s: their absence says so.
   * Never rejects.
   */
  read(): Promise<string>;
}

const DEADLINE_MS = 1_000;

/** Finds a port for the SDK's exporter, whose text is then read at each scrape of ours. */
export async function createTemporalMetrics(): Promise<TemporalMetrics> {
  const port = await freePort();
  return {
    bindAddress: `127.0.0.1:${port}`,
    read: async () => onlyTemporal(await fetchTemporalMetrics(port, { deadlineMs: DEADLINE_MS }).catch(() => '')),
  };
}

/** Of an exporter that was never started nobody can know who listens there; and what is not the SDK's could be one of ours again. */
function onlyTemporal(text: string): string {
  const lines = text.split('\n').filter((line) => /^(?:# (?:HELP|TYPE) )?temporal_[a-z0-9_]+[ {]/.test(line));
  return lines.map((line) => `${line}\n`).join('');
}
