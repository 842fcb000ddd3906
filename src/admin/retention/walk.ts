import { toPostgresFailure } from '../../store/postgres-failure.ts';
import type { RetentionCursor, RetentionCutoffs, RetentionPage, RetentionStep } from '../../store/retention.ts';

/** A walk over a table that goes on where it has stood still. */
export interface Walk {
  /** Goes on to the end of what is old enough, unless something stops it. Throws nothing. */
  advance(turn: WalkTurn): Promise<Walked>;
}

/** One turn of a walk. */
export interface WalkTurn {
  readonly cutoffs: RetentionCutoffs;
  /** Asked now and then; false where another process does this now. */
  readonly hold: () => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Told of each page that has removed something. */
  readonly onRemoved: (rows: number) => void;
}

/** How a turn has ended. */
export interface Walked {
  /** All that is old enough was looked at. */
  readonly finished: boolean;
  /** Nothing is to be done after it: the process stops, has lost the chore, or PostgreSQL is away. */
  readonly over: boolean;
  /** What stopped it, if anything has. */
  readonly failure?: unknown;
}

/** Options of `createWalk`. */
export interface WalkOptions {
  readonly step: RetentionStep;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  /** Resolves after that time, or once the signal says so. */
  readonly rest: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const HOLD_EVERY_MS = 10_000;
/** Longer than a page may take; where the machine has slept in the middle of one, it is not rested for as long. */
const MAX_REST_MS = 10_000;
const CONFLICT_TRIES = 5;
const CONFLICT_PAUSE_MS = 100;

/**
 * Makes a walk. It rests after each page for as long as that has taken, so that it uses half of a connection at most. What stays behind
 * is met again by the next walk from the beginning, which is a day after the last one; until then only what has grown old since is
 * looked at, where the table's keys sort by time, else nothing.
 */
export function createWalk({ step, monotonicMs, rest }: WalkOptions): Walk {
  let cursor: RetentionCursor = step.start;
  let begunAt: number | null = null;
  let whole = false; // the walk since `begunAt` has come to its end

  /** Tries again what another transaction was in the way of. */
  const page = async (cutoffs: RetentionCutoffs, signal: AbortSignal): Promise<RetentionPage> => {
    for (let tries = 1; ; tries++) {
      try {
        return await step.page(cursor, cutoffs);
      } catch (error) {
        if (toPostgresFailure(error) !== 'conflict' || tries === CONFLICT_TRIES || signal.aborted) throw error;
        await rest(CONFLICT_PAUSE_MS, signal);
      }
    }
  };

  return {
    async advance({ cutoffs, hold, signal, onRemoved }) {
      let heldAt = monotonicMs();
      if (begunAt === null || (whole && heldAt - begunAt >= DAY_MS)) {
        cursor = step.start;
        begunAt = heldAt;
        whole = false;
      }
      if (whole && !step.byTime) return { finished: true, over: false };
      try {
        while (!signal.aborted) {
          const startedAt = monotonicMs();
          if (startedAt - heldAt >= HOLD_EVERY_MS) {
            if (!(await hold())) return { finished: false, over: true };
            heldAt = startedAt;
          }
          const { removed, last } = await page(cutoffs, signal);
          if (removed > 0) onRemoved(removed);
          if (last === null) {
            whole = true;
            return { finished: true, over: false };
          }
          cursor = last;
          await rest(Math.min(monotonicMs() - startedAt, MAX_REST_MS), signal);
        }
        return { finished: false, over: true };
      } catch (failure) {
        return { finished: false, over: toPostgresFailure(failure) === 'unavailable', failure };
      }
    },
  };
}
