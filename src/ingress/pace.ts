/** How fast a server may be asked that sheds load: found out by asking (additive increase, multiplicative decrease). */
export interface Pace {
  /** How many calls may be begun now; no limit while the server takes all of them. */
  allowed(): number;
  /** So many were begun. */
  took(count: number): void;
  /** The server has shed a call: slower from now on; true when this is news. */
  slower(): boolean;
  /** The server has taken a call: a little faster, by and by; true when there is no limit any more. */
  faster(): boolean;
  /** Calls a second; null while there is no limit. */
  perSecond(): number | null;
}

/** Of the calls that were taken in the last second, and of the rate at each shedding after it. */
const DECREASE = 0.7;
/** Calls of one burst are shed together: they count once in this time. */
const DECIDE_MS = 1_000;
/** Added for each second in which calls are taken, and as a part of the rate, so that a fast server is found within a minute. */
const INCREASE = { perSecond: 0.5, share: 0.05 } as const;
const SLOWEST = 0.5;
/** Nobody is kept from anything by so many a second. */
const FASTEST = 1_000;
/** A limit that nothing was shed by for so long is over: the load was somebody else's, or a passing one. */
const FORGET_MS = 60_000;

/** Without a limit at first. */
export function createPace(now: () => Date): Pace {
  let rate: number | null = null;
  let tokens = 0;
  let filledAt = 0;
  let shedAt = 0;
  let raisedAt = 0;
  const taken = { from: 0, count: 0, before: 0 };

  /** Two seconds, the one under way and the one before it. */
  const countTaken = (at: number): void => {
    if (at - taken.from >= 1_000 || at < taken.from) {
      taken.before = at - taken.from < 2_000 ? taken.count : 0;
      taken.from = at;
      taken.count = 0;
    }
    taken.count += 1;
  };
  const fill = (at: number, perSecond: number): void => {
    const passedMs = Math.max(0, at - filledAt);
    tokens = Math.min(tokens + (perSecond * passedMs) / 1_000, Math.max(1, perSecond));
    filledAt = at;
  };

  return {
    allowed() {
      if (rate === null) return Infinity;
      fill(now().getTime(), rate);
      return Math.floor(tokens);
    },
    took(count) {
      if (rate !== null) tokens -= count;
    },
    slower() {
      const at = now().getTime();
      const news = rate === null;
      if (rate !== null && at >= shedAt && at - shedAt < DECIDE_MS) return false;
      const from = rate ?? Math.max(taken.count, taken.before);
      rate = Math.max(from * DECREASE, SLOWEST);
      tokens = 0;
      filledAt = at;
      shedAt = at;
      raisedAt = at;
      return news;
    },
    faster() {
      const at = now().getTime();
      countTaken(at);
      if (rate === null) return false;
      const seconds = Math.min(Math.max(at - raisedAt, 0), 1_000) / 1_000;
      raisedAt = at;
      fill(at, rate);
      rate += seconds * (INCREASE.perSecond + INCREASE.share * rate);
      if (rate < FASTEST && at - shedAt < FORGET_MS) return false;
      rate = null;
      return true;
    },
    perSecond: () => rate,
  };
}
