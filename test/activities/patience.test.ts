import { describe, expect, it } from 'vitest';
import { PATIENCE_MS, PAUSED, toPatience, type AttemptInfo } from '../../src/activities/patience.ts';

const SECOND = 1_000;
const HOUR = 60 * 60 * SECOND;
/** Some time of the server's clock. */
const START = 1_800_000_000_000;

const attemptAt = (passedMs: number, more: Partial<AttemptInfo> = {}): AttemptInfo => ({
  attempt: 2,
  isLocal: false,
  scheduledTimestampMs: START,
  currentAttemptScheduledTimestampMs: START + passedMs,
  heartbeatDetails: undefined,
  ...more,
});

describe('the patience of an effect', () => {
  it.each([
    ['quick', 29 * SECOND, false],
    ['quick', 30 * SECOND, true],
    ['patient', 24 * HOUR - 1, false],
    ['patient', 24 * HOUR, true],
    ['forever', 1_000 * HOUR, false],
  ] as const)('%s, %i ms after its first attempt: over is %s', (preset, passedMs, expected) => {
    expect(toPatience(attemptAt(passedMs), PATIENCE_MS[preset]).isOver(0)).toBe(expected);
  });

  it('counts how long the attempt itself has taken', () => {
    expect(toPatience(attemptAt(20 * SECOND), 30 * SECOND).isOver(10 * SECOND)).toBe(true);
  });

  it('begins anew with the first attempt that is not paused any more, and has the next ones know it', () => {
    const resumed = toPatience(attemptAt(20 * HOUR, { heartbeatDetails: PAUSED }), 24 * HOUR);
    expect(resumed.kept).toEqual({ sinceMs: START + 20 * HOUR, failures: 0 });
    expect(resumed.afterFailure?.kept).toEqual({ sinceMs: START + 20 * HOUR, failures: 1 });
    const next = (passedMs: number) => toPatience(attemptAt(passedMs, { heartbeatDetails: resumed.afterFailure?.kept }), 24 * HOUR);
    expect([next(43 * HOUR).isOver(0), next(44 * HOUR).isOver(0)]).toEqual([false, true]);
  });

  it.each([
    [PAUSED, 1],
    [{ sinceMs: START, failures: 1 }, 2],
    [{ sinceMs: START, failures: 5 }, 32],
    [{ sinceMs: START, failures: 50 }, 300],
  ])('has failures after a pause wait as if there had been no paused attempts: after %j %i s', (heartbeatDetails, seconds) => {
    const retryPolicy = { initialInterval: SECOND, maximumInterval: 300 * SECOND, backoffCoefficient: 2 };
    const patience = toPatience(attemptAt(HOUR, { attempt: 900, heartbeatDetails, retryPolicy }), 24 * HOUR);
    expect(patience.afterFailure?.delayMs).toBe(seconds * SECOND);
  });

  it.each([undefined, null, 'text', 7, {}, { sinceMs: 'yesterday' }])(
    'leaves to Temporal what was never paused: %j',
    (heartbeatDetails) => {
      const patience = toPatience(attemptAt(5 * SECOND, { heartbeatDetails }), 10 * SECOND);
      expect(patience).toMatchObject({ kept: undefined, afterFailure: undefined });
      expect([patience.isOver(4 * SECOND), patience.isOver(5 * SECOND)]).toEqual([false, true]);
    },
  );

  it('asks no clock of ours: times of the server alone, wherever they lie', () => {
    const then = attemptAt(0, { scheduledTimestampMs: 0, currentAttemptScheduledTimestampMs: HOUR });
    expect(toPatience(then, 24 * HOUR).isOver(0)).toBe(false);
  });
});

describe('the patience of an effect that waits for its vendor', () => {
  const limitMs = 30 * SECOND;
  const next = (passedMs: number, heartbeatDetails: unknown) => toPatience(attemptAt(passedMs, { heartbeatDetails }), limitMs);

  it('does not count the time from an attempt that must not ask to the next one', () => {
    const waiting = toPatience(attemptAt(5 * SECOND), limitMs).whileWaiting;
    const later = next(3_605 * SECOND, waiting);
    expect([later.isOver(24_999), later.isOver(25_000)]).toEqual([false, true]);
    const again = next(7_205 * SECOND, later.whileWaiting);
    expect([again.isOver(24_999), again.isOver(25_000)]).toEqual([false, true]);
  });

  it('counts what comes after it, and waits after failures as if there had been no such attempts', () => {
    const later = next(3_605 * SECOND, toPatience(attemptAt(5 * SECOND), limitMs).whileWaiting);
    expect(later.afterFailure).toMatchObject({ kept: { sinceMs: START + 3_600 * SECOND, failures: 1 }, delayMs: SECOND });
    const failed = next(3_620 * SECOND, later.afterFailure?.kept);
    expect([failed.isOver(9_999), failed.isOver(10_000)]).toEqual([false, true]);
    expect(failed.whileWaiting).toEqual({ sinceMs: START + 3_600 * SECOND, failures: 1, waitsSinceMs: START + 3_620 * SECOND });
  });
});

describe('the patience of a state action', () => {
  it.each([
    [10, 11, false],
    [11, 11, true],
    [1_000, 0, false],
    [1_000, undefined, false],
  ])('in attempt %i of %j: over is %s, whatever the clocks say', (attempt, maximumAttempts, expected) => {
    const retryPolicy = maximumAttempts === undefined ? {} : { maximumAttempts };
    expect(toPatience(attemptAt(1_000 * HOUR, { isLocal: true, attempt, retryPolicy }), HOUR).isOver(0)).toBe(expected);
  });
});
