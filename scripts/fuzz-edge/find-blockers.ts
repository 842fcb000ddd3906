import type { FuzzCase } from './fuzz-case.ts';
import type { Speaker } from './speaker.ts';
import type { Edge } from './start-edge.ts';

/** The event loop must never stand still for longer. */
export const MOST_DELAY_MS = 50;

/** A case that holds the event loop up, each time it comes. */
export interface Blocker {
  readonly at: number;
  readonly kind: string;
  readonly bytes: number;
  /** The shortest of all tries: what the process does beside it is not held against the case. */
  readonly delayMs: number;
}

const TRIES = 5;

/** Says each case alone, those that seem slow five times; those that were slow every time are to blame. */
export async function findBlockers(
  { edge, speaker }: { readonly edge: Edge; readonly speaker: Speaker },
  cases: readonly { readonly at: number; readonly fuzz: FuzzCase }[],
): Promise<readonly Blocker[]> {
  const blockers: Blocker[] = [];
  for (const { at, fuzz } of cases) {
    let delayMs = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < TRIES && delayMs > MOST_DELAY_MS; tries += 1) {
      await edge.report();
      await speaker.say(fuzz);
      const { worstDelayMs } = await edge.report();
      delayMs = Math.min(delayMs, worstDelayMs);
    }
    if (delayMs > MOST_DELAY_MS) blockers.push({ at, kind: fuzz.kind, bytes: sizeOf(fuzz), delayMs: Math.round(delayMs) });
  }
  return blockers;
}

function sizeOf({ pieces }: FuzzCase): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
