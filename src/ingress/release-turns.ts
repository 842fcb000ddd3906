import type { SetSwitch } from '../store/switches.ts';

/** Tells when it is worth looking for held events that no hold covers any more. */
export interface ReleaseTurns {
  /** Whether to look now. Never while everything is held. */
  isDue(switches: readonly SetSwitch[], nowMs: number): boolean;
  /** Says that a look is over, and whether it has found anything; one that has failed is not told, and is due again at once. */
  looked(found: boolean, nowMs: number): void;
}

/** The longest from one look to the next. */
const LONGEST_MS = 60_000;

/**
 * Makes turns: a look at the start and whenever a hold has gone, then after 1 s, 2 s, 4 s … up to a minute, and a look each minute from
 * then on. One alone would not do: an ingress that has read the switches before the release stores held events for a moment longer, and
 * a delivery may wait seconds for its commit; nor would it after a process has died that had seen the hold go.
 */
export function createReleaseTurns(shortestMs = 1_000): ReleaseTurns {
  let holds: ReadonlySet<string> = new Set();
  let dueAt = -Infinity;
  let lookedAt = -Infinity;
  let delayMs = shortestMs;
  const soon = (at: number): void => {
    dueAt = at;
    delayMs = shortestMs;
  };
  return {
    isDue(switches, nowMs) {
      const standing = new Set(
        switches.filter(({ verb }) => verb === 'hold').map(({ kind, name, since }) => `${kind} ${name} ${since.getTime()}`),
      );
      if ([...holds].some((hold) => !standing.has(hold))) soon(-Infinity);
      holds = standing;
      const everything = switches.some(({ verb, kind }) => verb === 'hold' && kind === 'all');
      return !everything && (nowMs >= dueAt || nowMs < lookedAt); // a clock that was set back
    },
    looked(found, nowMs) {
      lookedAt = nowMs;
      if (found) return soon(nowMs + shortestMs);
      dueAt = nowMs + delayMs;
      delayMs = Math.min(2 * delayMs, LONGEST_MS);
    },
  };
}
