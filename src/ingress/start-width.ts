/** How many starts may be under way at once: as many as Temporal answers without delay. */
export interface StartWidth {
  /** At least two, so that it is found out when Temporal is quicker again. */
  current(): number;
  /** A start was answered after so many milliseconds. */
  answered(durationMs: number): void;
}

const LEAST = 2;
/** Answers within this time are never late: a busy processor delays as much. */
const SOON_MS = 40;
/** Starts are late when they take so many times what the quickest has taken … */
const LATE = 4;
/** … or so long, since a process that begins among too much work has seen no quick one … */
const LATE_MS = 150;
/** … unless the quickest takes about as long: then the way is long. */
const FAR = 1.5;
/** The part of each new answer in the average. */
const WEIGHT = 0.2;
const DECREASE = 0.7;
/** The quickest answer is remembered for one to two of these: the way to the server may have changed. */
const REMEMBER_MS = 600_000;

/**
 * Two at first, then additive increase and multiplicative decrease by the average time of starts. Temporal gives each call its turn, whether it begins a run or
 * carries one on. When more comes than can be done, starts take the turns of the runs that have begun, and those that wait for a worker make each further turn dearer:
 * measured with 75 events a second on two cores, 7 a second were done with twenty starts at a time in each of two ingresses, and 21 with the width that is found here. What waits is in the
 * inbox meanwhile, where it costs nothing and keeps its order.
 */
export function createStartWidth({ most, now }: { readonly most: number; readonly now: () => Date }): StartWidth {
  const least = Math.min(LEAST, most);
  let width = least;
  let average: number | null = null;
  let sinceDecrease = 0;
  const quickest = { since: now().getTime(), current: Infinity, before: Infinity };

  const remember = (durationMs: number): void => {
    const at = now().getTime();
    if (at - quickest.since > REMEMBER_MS || at < quickest.since) {
      quickest.since = at;
      quickest.before = quickest.current;
      quickest.current = Infinity;
    }
    quickest.current = Math.min(quickest.current, durationMs);
  };

  return {
    current: () => Math.floor(width),
    answered(durationMs) {
      remember(durationMs);
      average = average === null ? durationMs : average + WEIGHT * (durationMs - average);
      sinceDecrease += 1;
      const best = Math.min(quickest.current, quickest.before);
      if (average <= Math.max(SOON_MS, Math.min(LATE * best, LATE_MS), FAR * best)) width = Math.min(most, width + 1 / width);
      else if (sinceDecrease >= width) {
        // once for all that were under way together
        width = Math.max(least, width * DECREASE);
        sinceDecrease = 0;
      }
    },
  };
}
