import type { DrainFigures, Violation } from '../verdict.ts';

/** 10,000 are started within 5 minutes, and fewer within their share of it, */
const MOST_MS_EACH = 30;
/** but for the time that Temporal and the starters take to be there again. */
const LEAST_MS = 120_000;
/**
 * Two starters have up to 20 starts under way each. One that runs into its deadline (2 s) is passed by what the others start in that
 * time, and is the next one then.
 */
const MOST_OVERTAKEN = 250;
/** A start is given up after 2 s: whatever stands longer waits for something else. */
const MOST_GAP_MS = 30_000;

/** What has waited for Temporal is started soon, in order of receipt, and nothing of it waits for what can never be started or done. */
export function checkDrain(drain: DrainFigures | null): readonly Violation[] {
  if (drain === null) return [];
  const { waited, started, startedInMs, longestGapMs, mostOvertaken, poisoned, failing } = drain;
  const mostMs = Math.max(LEAST_MS, waited * MOST_MS_EACH);
  const owed = waited - poisoned.length - failing.length;
  const violations: (Pick<Violation, 'rule' | 'detail'> | undefined)[] = [
    startedInMs > mostMs
      ? { rule: 'drain.slow', detail: `${started} of ${waited} started within ${startedInMs} ms, where ${mostMs} are allowed` }
      : undefined,
    mostOvertaken > MOST_OVERTAKEN
      ? { rule: 'drain.disorder', detail: `one was overtaken by ${mostOvertaken} that came later` }
      : undefined,
    started < owed ? { rule: 'drain.blocked', detail: `${owed - started} of ${waited} were not started` } : undefined,
    longestGapMs > MOST_GAP_MS ? { rule: 'drain.blocked', detail: `nothing was started for ${longestGapMs} ms` } : undefined,
  ];
  return violations.flatMap((violation) => (violation === undefined ? [] : [{ about: 'what had waited', ...violation }]));
}
