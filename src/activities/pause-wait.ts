import type { ActionFacts } from '../contracts/run.ts';
import type { Stop } from '../store/stops.ts';

/** Says how long a paused action waits until it asks again, in milliseconds. */
export type PauseWait = (stop: Stop, kind: ActionFacts['kind']) => number;

/** What the waits are made of. */
export interface PauseWaitOptions {
  /** From 0 to 1. */
  readonly random: () => number;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

const SHORTEST_MS = 1_000;
/** Each wait of a state action costs its run six events of history. */
const LONGEST_MS = { effect: 30_000, state: 300_000 } as const satisfies Record<ActionFacts['kind'], number>;
const JITTER = 0.2;
/** One process asks no more often than this for what one switch stops: 10,000 waiting actions must not keep it busy. */
const APART_MS = 20;

/**
 * Makes the waits of one process: a quarter of the time that the switch has been set, so that what was stopped shortly goes on shortly;
 * at least 1 s, at most 30 s (an effect) or 5 min (a state action), and longer only where so many wait that each must take its turn.
 */
export function createPauseWait({ random, nowMs }: PauseWaitOptions): PauseWait {
  const turns = new Map<string, number>();
  return ({ verb, kind: what, name, ageMs }, kind) => {
    const wish = Math.min(Math.max(ageMs / 4, SHORTEST_MS), LONGEST_MS[kind]) * (1 + JITTER * random());
    const now = nowMs();
    const queue = `${kind} ${verb} ${what} ${name}`;
    const turn = Math.max(now + wish, (turns.get(queue) ?? 0) + APART_MS);
    turns.set(queue, turn);
    return Math.round(turn - now);
  };
}
