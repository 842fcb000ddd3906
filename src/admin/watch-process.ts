import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Meter } from '../contracts/metrics.ts';
import { readMaxFiles } from './max-files.ts';
import type { Role } from './readiness.ts';

/** Ends the watching. */
export interface ProcessWatch {
  close(): void;
}

const RESOLUTION_MS = 10;
const WINDOW_MS = 10_000;
const NANOSECONDS = 1e9;

/** Puts memory, processor, event loop, file descriptors and version of this process on a meter. */
export function watchProcess({
  meter,
  version,
  role,
}: {
  readonly meter: Meter;
  readonly version: string;
  readonly role: Role;
}): ProcessWatch {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = toDelays(histogram);
  const turn = setInterval(() => {
    last = toDelays(histogram);
    histogram.reset();
  }, WINDOW_MS).unref();

  const none = {} as const;
  meter.watch('hookline_build_info', () => [{ labels: { version, node: process.versions.node, role }, value: 1 }]);
  meter.watch('process_resident_memory_bytes', () => [{ labels: none, value: process.memoryUsage.rss() }]);
  meter.watch('process_heap_bytes', () => [{ labels: none, value: getHeapStatistics().used_heap_size }]);
  meter.watch('process_heap_limit_bytes', () => [{ labels: none, value: getHeapStatistics().heap_size_limit }]);
  meter.watch('process_open_fds', () => toSamples(countOpenFiles()));
  meter.watch('process_max_fds', () => toSamples(readMaxFiles()));
  meter.watch('process_start_time_seconds', () => [{ labels: none, value: performance.timeOrigin / 1_000 }]);
  meter.watch('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return [{ labels: none, value: (user + system) / 1e6 }];
  });
  meter.watch('hookline_event_loop_delay_seconds', () => {
    const current = toDelays(histogram);
    // the window before and the one that has begun: a scrape right after the turn shall not miss a stall
    return (['p50', 'p99', 'max'] as const).map((stat) => ({ labels: { stat }, value: Math.max(last[stat], current[stat]) }));
  });
  return {
    close() {
      clearInterval(turn);
      histogram.disable();
    },
  };
}

/** What is measured is the time between two rounds of a timer: what is above its interval is the delay. */
function toDelays(histogram: ReturnType<typeof monitorEventLoopDelay>): Readonly<Record<'p50' | 'p99' | 'max', number>> {
  const delay = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000);
  if (histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
  return { p50: delay(histogram.percentile(50)), p99: delay(histogram.percentile(99)), max: delay(histogram.max) };
}

function toSamples(value: number | null): readonly { readonly labels: Readonly<Record<never, string>>; readonly value: number }[] {
  return value === null ? [] : [{ labels: {}, value }];
}

/** By /proc, which answers from memory; null where there is none. The descriptor that reads the folder is not counted. */
function countOpenFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return null; // no Linux, or one that hides it: the metric is absent, which its sentence says
  }
}
