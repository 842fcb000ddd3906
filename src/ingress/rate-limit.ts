import type { Source } from '../contracts/webhook.ts';

/** Whether a delivery may pass; where not, after how many whole seconds, at least 1, there is room again. */
export type RateVerdict = { readonly ok: true } | { readonly ok: false; readonly retryAfterSeconds: number };

/** Asks for room for one delivery of a source, and takes it where there is. */
export type RateLimit = (source: Pick<Source, 'name' | 'rateLimit'>) => RateVerdict;

interface Bucket {
  /** As of `at`; never more than the burst. */
  tokens: number;
  at: number;
}

const PASSES: RateVerdict = Object.freeze({ ok: true });
/** Thirds and tenths do not add up to one in binary: what is this near to a token is one. */
const EPSILON = 1e-9;

/**
 * Makes a token bucket for each source that has a limit: full at first, a token for each delivery, `perSecond` new ones a second, up
 * to `burst`. Over any span of a clock that runs forward it lets at most `burst + perSecond × seconds` pass. It counts for this
 * process alone, and costs nothing where there is no limit. A clock that is set back gives no tokens and takes none.
 */
export function createRateLimit(now: () => Date): RateLimit {
  const buckets = new Map<string, Bucket>(); // the sources are those of the settings, so the map stays small
  return ({ name, rateLimit }) => {
    if (rateLimit === undefined) return PASSES;
    const { perSecond, burst } = rateLimit;
    const at = now().getTime();
    const bucket = buckets.get(name) ?? { tokens: burst, at };
    buckets.set(name, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) * perSecond) / 1_000);
    bucket.at = at;
    if (bucket.tokens >= 1 - EPSILON) {
      bucket.tokens = Math.max(0, bucket.tokens - 1);
      return PASSES;
    }
    return { ok: false, retryAfterSeconds: Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond)) };
  };
}
