import type { Meter } from '../contracts/metrics.ts';
import type { Backlog } from '../store/backlog.ts';

/** Options of `watchBacklog`. */
export interface BacklogWatchOptions {
  readonly meter: Meter;
  readonly read: () => Promise<Backlog>;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
}

/** How long what was read is shown, and how long a scrape waits for it; a read that takes longer goes on for the next one. */
const FRESH_MS = 5_000;
const PATIENCE_MS = 2_500;

/**
 * Puts what is not finished, and what is stopped, on a meter, and gives the function that reads it anew before a scrape: at most every 5 s, one at a
 * time. What could not be read in time is not shown at all. Never rejects.
 */
export function watchBacklog({ meter, read, monotonicMs }: BacklogWatchOptions): () => Promise<void> {
  let latest: { readonly backlog: Backlog; readonly at: number } | null = null;
  let reading: Promise<void> | null = null;
  const fresh = (): Backlog | null => (latest !== null && monotonicMs() - latest.at < FRESH_MS ? latest.backlog : null);

  meter.watch('hookline_runs', () => fresh()?.states.map(({ state, runs }) => ({ labels: { state }, value: runs })) ?? []);
  meter.watch(
    'hookline_runs_oldest_seconds',
    () =>
      fresh()?.states.flatMap(({ state, oldestSeconds }) =>
        oldestSeconds === null ? [] : [{ labels: { state }, value: oldestSeconds }],
      ) ?? [],
  );
  meter.watch('hookline_effects_unknown', () => {
    const backlog = fresh();
    return backlog === null ? [] : [{ labels: {}, value: backlog.effectsUnknown }];
  });
  meter.watch('hookline_events', () => fresh()?.events.map(({ state, events }) => ({ labels: { state }, value: events })) ?? []);
  meter.watch(
    'hookline_events_oldest_seconds',
    () => fresh()?.events.map(({ state, oldestSeconds }) => ({ labels: { state }, value: oldestSeconds })) ?? [],
  );
  meter.watch(
    'hookline_switches',
    () => fresh()?.switches.map(({ verb, kind, name }) => ({ labels: { verb, kind, name }, value: 1 })) ?? [],
  );

  meter.watch('hookline_runs_stuck', () => {
    const backlog = fresh();
    return backlog === null ? [] : [{ labels: {}, value: backlog.runsStuck }];
  });
  meter.watch(
    'hookline_vendor_wait_seconds',
    () => fresh()?.waits.map(({ adapter, seconds }) => ({ labels: { adapter }, value: seconds })) ?? [],
  );

  return async () => {
    if (fresh() !== null) return;
    reading ??= read()
      .then(
        (backlog) => {
          latest = { backlog, at: monotonicMs() };
        },
        () => {}, // its absence says so, and `hookline_postgres_up` says why
      )
      .finally(() => {
        reading = null;
      });
    await soon(reading);
  };
}

async function soon(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, enough]).finally(() => clearTimeout(timer));
}
