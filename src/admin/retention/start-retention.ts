import { setTimeout as delay } from 'node:timers/promises';
import { NO_METER, type Meter } from '../../contracts/metrics.ts';
import type { Log } from '../../contracts/names.ts';
import type { Settings } from '../../contracts/settings.ts';
import { holdChore } from '../../store/chores.ts';
import type { Pool } from '../../store/pool.ts';
import { createRetentionSteps, readCutoffs } from '../../store/retention.ts';
import { createWalk } from './walk.ts';

/** The removal of what has outlived its age, in this process. */
export interface Retention {
  /** Ends after the page that is under way, and resolves when nothing is. */
  close(): Promise<void>;
}

/** Options of `startRetention`. */
export interface RetentionOptions {
  /** One connection of it is in use at a time, for at most half of the time of a round. */
  readonly pool: Pool;
  readonly settings: Pick<Settings, 'retention' | 'inbox'>;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter | undefined;
  /** This process among all that could do it: a UUID. */
  readonly owner: string;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  /** Told after each round of this process; for whoever waits for one. */
  readonly onRound?: ((round: RetentionRound) => void) | undefined;
}

/** What a round has come to. */
export interface RetentionRound {
  readonly removed: number;
  /** False where another process has the chore, something failed, or `close` came first: the next round goes on from there. */
  readonly complete: boolean;
}

/** Beyond the time from one round to the next, for which a process keeps the chore: another takes over so long after its end. */
const LEASE_MARGIN_MS = 60_000;

/**
 * Removes what has outlived its age, every `retention.everyMs`, the first time at once; one process of all at a time. What could not
 * leave when its age had come is looked at again within a day. Never throws: what fails is logged, and tried again by the next round.
 */
export function startRetention({ pool, settings, log, meter = NO_METER, owner, monotonicMs, onRound }: RetentionOptions): Retention {
  const { everyMs } = settings.retention;
  const ages = { ...settings.retention, dedupeDays: settings.inbox.dedupeDays };
  const steps = createRetentionSteps(pool);
  const walks = steps.map((step) => ({ step, walk: createWalk({ step, monotonicMs, rest }) }));
  const stop = new AbortController();
  let failing = false;
  let timer: NodeJS.Timeout | undefined;

  /** Takes the chore, or keeps it. */
  const hold = (): Promise<boolean> => holdChore(pool, { name: 'retention', owner, leaseMs: everyMs + LEASE_MARGIN_MS });

  const removeAll = async (): Promise<RetentionRound> => {
    let removed = 0;
    let complete = true;
    const cutoffs = await readCutoffs(pool, ages);
    for (const { step, walk } of walks) {
      const walked = await walk.advance({
        cutoffs,
        hold,
        signal: stop.signal,
        onRemoved(rows) {
          removed += rows;
          meter.count('hookline_removed_total', { what: step.what }, rows);
        },
      });
      if (walked.failure !== undefined)
        log.warn({ component: 'retention', state: step.name, err: walked.failure }, 'retention was held up');
      complete &&= walked.finished;
      if (walked.over) break;
    }
    return { removed, complete };
  };

  const round = async (): Promise<void> => {
    const startedAt = monotonicMs();
    let done: RetentionRound = { removed: 0, complete: false };
    try {
      if (await hold()) done = await removeAll();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ component: 'retention', err }, 'retention cannot begin a round');
      failing = true;
    }
    const durationSeconds = (monotonicMs() - startedAt) / 1_000;
    if (done.removed > 0)
      log.info({ component: 'retention', count: done.removed, duration_s: durationSeconds }, 'what had outlived its age was removed');
    onRound?.(done);
    if (!stop.signal.aborted) timer = setTimeout(again, everyMs).unref();
  };
  const again = (): void => {
    running = round();
  };
  let running = round();

  return {
    async close() {
      stop.abort();
      clearTimeout(timer);
      await running;
    },
  };
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(milliseconds, undefined, { signal }).catch(() => undefined); // fails in one way alone: the process stops
}
