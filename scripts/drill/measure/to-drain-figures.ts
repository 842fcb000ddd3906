import type { Facts, StoredRun } from '../facts.ts';
import type { DrainFigures } from '../verdict.ts';

interface Start {
  /** In the order of receipt, from 0. */
  readonly place: number;
  readonly atMs: number;
}

/** How what had waited for Temporal was worked off; null of drills in which nothing was made to wait. */
export function toDrainFigures({ drain, events, runs }: Pick<Facts, 'drain' | 'events' | 'runs'>): DrainFigures | null {
  if (drain === null) return null;
  const waiting = new Set(drain.eventIds);
  const inTheWay = new Set([...drain.poisoned, ...drain.failing].map(({ eventId }) => eventId));
  const idOf = new Map(events.map(({ uuid, id }) => [uuid, id]));
  const free = runs.filter(({ eventUuid }) => {
    const id = idOf.get(eventUuid) ?? '';
    return waiting.has(id) && !inTheWay.has(id);
  });
  const starts = listStarts(free);
  const doneAt = free.flatMap(({ state, closedAtMs }) => (state === 'done' && closedAtMs !== null ? [closedAtMs] : []));
  return {
    waited: drain.eventIds.length,
    started: free.filter(({ startedAtMs, closedAtMs }) => startedAtMs !== null || closedAtMs !== null).length,
    startedInMs: after(drain.backMs, starts.at(-1)?.atMs),
    done: doneAt.length,
    doneInMs: after(drain.backMs, doneAt.toSorted((a, b) => a - b).at(-1)),
    longestGapMs: longestGap(drain.backMs, starts),
    mostOvertaken: starts.reduce((most, { place }, turn) => Math.max(most, turn - place), 0),
    poisoned: drain.poisoned.map(({ state }) => state),
    failing: drain.failing.map(({ state }) => state),
  };
}

/** In the order of starting. Of a run that was started again, or has ended before its start was written, the start is not known. */
function listStarts(runs: readonly StoredRun[]): readonly Start[] {
  return runs
    .filter(({ attempt, startedAtMs }) => attempt === 1 && startedAtMs !== null)
    .map(({ startedAtMs }, place) => ({ place, atMs: startedAtMs ?? 0 }))
    .toSorted((a, b) => a.atMs - b.atMs);
}

function longestGap(fromMs: number, starts: readonly Start[]): number {
  let [longest, before] = [0, fromMs];
  for (const { atMs } of starts) {
    longest = Math.max(longest, atMs - before);
    before = Math.max(before, atMs);
  }
  return Math.round(longest);
}

function after(fromMs: number, atMs: number | undefined): number {
  return Math.max(0, Math.round((atMs ?? fromMs) - fromMs));
}
