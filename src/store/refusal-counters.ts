import type { Refusal } from '../contracts/inbox.ts';
import type { Log } from '../contracts/names.ts';
import type { Pool } from './pool.ts';

/** Counts refusals that get no row: one row a minute, source and cause. */
export interface RefusalCounters {
  /** Counts one; never waits, never throws; does nothing once closed. */
  raise(refusal: Pick<Refusal, 'source' | 'code' | 'receivedAt'>): void;
  /** Writes what is counted, once; what cannot be written is given up. */
  close(): Promise<void>;
}

interface Counter {
  readonly source: string;
  readonly cause: string;
  /** ISO 8601, to the minute. */
  readonly minute: string;
  count: number;
}

const FLUSH_MS = 1_000;
/** A long outage keeps this many rows in memory and lets the oldest minutes go. */
const MAX_COUNTERS = 10_000;

const RAISE = `
INSERT INTO refusal_counters AS r (source, cause, minute, count)
SELECT source, cause, minute, count FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[]) AS t (source, cause, minute, count)
ORDER BY source COLLATE "C", cause COLLATE "C", minute
ON CONFLICT (source, cause, minute) DO UPDATE SET count = r.count + excluded.count`;

/**
 * Makes the counters: summed up in memory, written at most once a second. A count whose commit got no answer is written
 * again, so that after an outage it may be a little too high, never too low.
 */
export function createRefusalCounters({ pool, log }: { readonly pool: Pool; readonly log: Log }): RefusalCounters {
  let counted = new Map<string, Counter>();
  let timer: NodeJS.Timeout | undefined;
  let flushing = Promise.resolve();
  let closed = false;

  const add = ({ source, cause, minute, count }: Counter): void => {
    const key = `${source} ${cause} ${minute}`;
    const counter = counted.get(key);
    if (counter !== undefined) counter.count += count;
    else counted.set(key, { source, cause, minute, count });
    const [oldest] = counted.size > MAX_COUNTERS ? counted.keys() : [];
    if (oldest !== undefined) counted.delete(oldest);
  };

  const flush = async (): Promise<void> => {
    const taken = [...counted.values()];
    if (taken.length === 0) return;
    counted = new Map();
    try {
      await pool.query({ name: 'refusals.count', text: RAISE, values: toColumns(taken) });
    } catch (err) {
      log.warn({ component: 'refusals', count: taken.length, err }, 'counts of refusals could not be written');
      for (const counter of taken) add(counter);
    }
  };

  const schedule = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      flushing = flush().then(() => {
        if (counted.size > 0) schedule();
      });
    }, FLUSH_MS);
  };

  return {
    raise({ source, code, receivedAt }) {
      if (closed) return;
      const minute = new Date(Math.floor(receivedAt.getTime() / 60_000) * 60_000).toISOString();
      add({ source, cause: code, minute, count: 1 });
      schedule();
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await flushing;
      clearTimeout(timer);
      await flush();
    },
  };
}

function toColumns(counters: readonly Counter[]): readonly unknown[] {
  return [
    counters.map(({ source }) => source),
    counters.map(({ cause }) => cause),
    counters.map(({ minute }) => minute),
    counters.map(({ count }) => count),
  ];
}
