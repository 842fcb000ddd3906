import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createRateLimit } from '../../src/ingress/rate-limit.ts';

const source = (perSecond: number, burst: number) => ({ name: 'shop', rateLimit: { perSecond, burst } });

/** Asks at each of the moments, in milliseconds, and tells the verdicts. */
function ask(moments: readonly number[], { perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
  let clock = 0;
  const limit = createRateLimit(() => new Date(clock));
  return moments.map((at) => {
    clock = at;
    return limit(source(perSecond, burst));
  });
}

describe('a rate limit', () => {
  test('lets everything of a source without one pass', () => {
    const limit = createRateLimit(() => new Date(0));
    expect(Array.from({ length: 10_000 }, () => limit({ name: 'shop' })).every(({ ok }) => ok)).toBe(true);
  });

  test('lets a burst pass at once, then one for each token that has come', () => {
    const verdicts = ask([0, 0, 0, 99, 100, 100, 199, 200], { perSecond: 10, burst: 3 });
    expect(verdicts.map(({ ok }) => ok)).toEqual([true, true, true, false, true, false, false, true]);
  });

  test('says after how many whole seconds there is room, at least 1', () => {
    expect(ask([0, 0], { perSecond: 1_000, burst: 1 })[1]).toEqual({ ok: false, retryAfterSeconds: 1 });
  });

  test('counts each source by itself', () => {
    const limit = createRateLimit(() => new Date(0));
    const rateLimit = { perSecond: 1, burst: 1 };
    expect(['a', 'a', 'b', 'b'].map((name) => limit({ name, rateLimit }).ok)).toEqual([true, false, true, false]);
  });

  test('takes nothing away when the clock is set back', () => {
    expect(ask([60_000, 0, 0, 1_000], { perSecond: 1, burst: 2 }).map(({ ok }) => ok)).toEqual([true, true, false, true]);
  });

  const limits = fc.record({ perSecond: fc.integer({ min: 1, max: 100_000 }), burst: fc.integer({ min: 1, max: 1_000 }) });
  const moments = fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 5_000 })), { minLength: 1, maxLength: 300 })
    .map((gaps) =>
      gaps.map(
        (
          (at) => (gap: number) =>
            (at += gap)
        )(0),
      ),
    );

  test('lets at most `burst + perSecond × seconds` pass over any span', () => {
    fc.assert(
      fc.property(limits, moments, (limit, times) => {
        const passed = ask(times, limit).flatMap(({ ok }, index) => (ok ? [times[index] ?? 0] : []));
        for (const [from, start] of passed.entries())
          for (let to = from; to < passed.length; to += 1) {
            const most = limit.burst + (limit.perSecond * ((passed[to] ?? 0) - start)) / 1_000;
            if (to - from + 1 > most + 1e-6) return false;
          }
        return true;
      }),
      { numRuns: 60 },
    );
  });

  test('lets pass whoever waits as long as it was told', () => {
    fc.assert(
      fc.property(limits, moments, (limit, times) => {
        let clock = 0;
        const asked = createRateLimit(() => new Date(clock));
        const answers = times.map((at) => ((clock = at), asked(source(limit.perSecond, limit.burst))));
        const last = answers.at(-1);
        if (last === undefined || last.ok) return;
        expect(last.retryAfterSeconds).toBe(Math.max(1, Math.trunc(last.retryAfterSeconds)));
        clock += last.retryAfterSeconds * 1_000;
        expect(asked(source(limit.perSecond, limit.burst)).ok).toBe(true);
      }),
    );
  });

  test('refuses nobody who never sends sooner than its next token', () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 500 }), (limit, count) => {
        const times = Array.from({ length: count }, (_none, index) => index * Math.ceil(1_000 / limit.perSecond));
        return ask(times, limit).every(({ ok }) => ok);
      }),
    );
  });
});
