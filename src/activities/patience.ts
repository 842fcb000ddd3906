import type { Info } from '@temporalio/activity';
import type { RetryPreset } from '../contracts/run.ts';

/** How long each preset is tried before it gives up, in milliseconds. */
export type PatienceMs = Readonly<Record<RetryPreset, number>>;

/** The presets of effects; those of state actions are counted in attempts (`workflows/retry-presets.ts`). */
export const PATIENCE_MS: PatienceMs = { quick: 30_000, patient: 24 * 60 * 60 * 1000, forever: Infinity };

/** How patient an action is that was paused, or has waited for its vendor, before. */
export interface Kept {
  /** When patience began, by Temporal's clock. */
  readonly sinceMs: number;
  /** How often it has failed since. */
  readonly failures: number;
}

/** How patient an action is that waits for its vendor. */
interface Waited extends Kept {
  /** When it began to wait, by Temporal's clock. */
  readonly waitsSinceMs: number;
}

/** What the last heartbeat of an attempt says that has found its action paused: patience begins anew with the next one. */
export const PAUSED = { paused: true } as const;

/** What of an attempt's `Info` its patience is made of. */
export interface AttemptInfo extends Pick<
  Info,
  'attempt' | 'isLocal' | 'scheduledTimestampMs' | 'currentAttemptScheduledTimestampMs' | 'heartbeatDetails'
> {
  readonly retryPolicy?: RetryIntervals;
}

/** What the policy says once it has come back from the server: intervals are milliseconds. */
interface RetryIntervals {
  readonly maximumAttempts?: number;
  readonly backoffCoefficient?: number;
  readonly initialInterval?: unknown;
  readonly maximumInterval?: unknown;
}

/** The patience of one attempt of an action. */
export interface Patience {
  /** What heartbeats say while the attempt runs, so that the next one reads it; `undefined` before the first pause. */
  readonly kept: Kept | undefined;
  /** What the heartbeat of an attempt says that must not ask its vendor yet: the time until the next one does not count. */
  readonly whileWaiting: Waited;
  /** Of such an action: what the heartbeat before a failure says, and how long to wait then, in milliseconds. */
  readonly afterFailure: { readonly kept: Kept; readonly delayMs: number } | undefined;
  /** True where a failure of this attempt is the last. */
  isOver(attemptMs: number): boolean;
}

/**
 * Reads how patient an action still is. Effects are measured in time between two readings of the Temporal server's own clock, and by
 * how long the attempt itself has taken: no clock of ours is asked, so that a wrong one cannot make a run fail. State actions have no
 * such memory, and end with their retry policy's last attempt. A pause begins patience anew, waits between failures included, so that
 * paused time never counts; nor does the time in which a vendor was not asked because it had told another action when to come again.
 */
export function toPatience(info: AttemptInfo, limitMs: number): Patience {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs: nowMs } = info;
  const kept = keptBy(info);
  const sinceMs = kept?.sinceMs ?? scheduledTimestampMs;
  return {
    kept,
    whileWaiting: { sinceMs, failures: kept?.failures ?? 0, waitsSinceMs: nowMs },
    afterFailure: kept && { kept: { ...kept, failures: kept.failures + 1 }, delayMs: toDelay(info, kept.failures) },
    isOver: (attemptMs) => (info.isLocal ? isLastOf(info) : nowMs - sinceMs + attemptMs >= limitMs),
  };
}

function keptBy(info: AttemptInfo): Kept | undefined {
  const left: unknown = info.heartbeatDetails;
  const memory: Readonly<Record<string, unknown>> = typeof left === 'object' ? { ...left } : {};
  const { paused, sinceMs, failures, waitsSinceMs } = memory;
  if (paused === true) return { sinceMs: info.currentAttemptScheduledTimestampMs, failures: 0 };
  if (typeof sinceMs !== 'number' || typeof failures !== 'number') return undefined;
  const waitedMs = typeof waitsSinceMs === 'number' ? info.currentAttemptScheduledTimestampMs - waitsSinceMs : 0;
  return { sinceMs: sinceMs + waitedMs, failures };
}

/** Temporal's own back-off counts paused attempts as well, and would have the first failure after a pause wait for the longest time. */
function toDelay({ retryPolicy = {} }: AttemptInfo, failures: number): number {
  const { initialInterval, maximumInterval, backoffCoefficient = 2 } = retryPolicy;
  const firstMs = typeof initialInterval === 'number' ? initialInterval : 1_000;
  const longestMs = typeof maximumInterval === 'number' ? maximumInterval : 300_000;
  return Math.min(firstMs * backoffCoefficient ** failures, longestMs);
}

/** Zero is Temporal's word for attempts without end. */
function isLastOf({ attempt, retryPolicy: { maximumAttempts = 0 } = {} }: AttemptInfo): boolean {
  return maximumAttempts > 0 && attempt >= maximumAttempts;
}
