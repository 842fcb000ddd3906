/** Remembers that a server cannot be reached, so that it is probed once in a while instead of asked by everybody. */
export interface Breaker {
  isOpen(): boolean;
  /** Whether the next probe is due; each failed probe puts the following one off, from 250 ms up to 5 s. */
  mayProbe(): boolean;
  /** A call did not reach the server; true when this is news. */
  trip(): boolean;
  /** A call reached the server; true when this is news. */
  reset(): boolean;
  downSince(): Date | null;
}

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** Closed at first. */
export function createBreaker(now: () => Date): Breaker {
  let since: Date | null = null;
  let delayMs = FIRST_MS;
  let probeAt = 0;
  return {
    isOpen: () => since !== null,
    mayProbe: () => now().getTime() >= probeAt,
    trip() {
      const news = since === null;
      since ??= now();
      if (news) delayMs = FIRST_MS;
      else if (now().getTime() >= probeAt) delayMs = Math.min(delayMs * 2, LONGEST_MS);
      probeAt = now().getTime() + delayMs;
      return news;
    },
    reset() {
      const news = since !== null;
      since = null;
      return news;
    },
    downSince: () => since,
  };
}
