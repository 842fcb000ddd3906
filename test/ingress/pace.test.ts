import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../src/ingress/pace.ts';

/** A pace on a clock of its own. */
function make(): { readonly pace: Pace; ms: number } {
  const clock = { ms: 1_000_000 };
  return Object.assign(clock, { pace: createPace(() => new Date(clock.ms)) });
}

/** A server that takes so many calls a second, and has saved up for a burst of twice as many, as Temporal's limiter does. */
function serve(
  clock: { readonly pace: Pace; ms: number },
  { limit, seconds, most = 32 }: { readonly limit: number; readonly seconds: number; readonly most?: number },
) {
  let saved = 2 * limit;
  const counts = { taken: 0, shed: 0 };
  for (const end = clock.ms + seconds * 1_000; clock.ms < end; clock.ms += 100) {
    saved = Math.min(saved + limit / 10, 2 * limit);
    const calls = Math.min(clock.pace.allowed(), most);
    clock.pace.took(calls);
    for (let call = 0; call < calls; call += 1) {
      const isTaken = saved >= 1;
      if (isTaken) saved -= 1;
      counts[isTaken ? 'taken' : 'shed'] += 1;
      if (isTaken) clock.pace.faster();
      else clock.pace.slower();
    }
  }
  return counts;
}

describe('createPace', () => {
  it('keeps nobody from anything while nothing is shed', () => {
    const { pace } = make();
    pace.took(1_000);
    for (let call = 0; call < 1_000; call += 1) expect(pace.faster()).toBe(false);
    expect([pace.allowed(), pace.perSecond()]).toEqual([Infinity, null]);
  });

  it('begins with most of what was taken in the last second, tells it once, and takes a burst that is shed for one', () => {
    const { pace } = make();
    for (let call = 0; call < 10; call += 1) pace.faster();
    expect([pace.slower(), pace.slower(), pace.slower()]).toEqual([true, false, false]);
    expect([pace.perSecond(), pace.allowed()]).toEqual([7, 0]);
  });

  it('is never slower than one call in two seconds', () => {
    const clock = make();
    for (let call = 0; call < 10; call += 1) {
      clock.pace.slower();
      clock.ms += 1_000;
    }
    expect(clock.pace.perSecond()).toBe(0.5);
    expect(clock.pace.allowed()).toBe(0);
    clock.ms += 1_000;
    expect(clock.pace.allowed()).toBe(1);
  });

  it.each([5, 20, 200])('uses most of %i calls a second, and has few of its own shed', (limit) => {
    const { taken, shed } = serve(make(), { limit, seconds: 120 });
    expect(taken).toBeGreaterThan(limit * 120 * 0.75);
    expect(shed).toBeLessThan(taken * 0.15);
  });

  it('is without a limit again once the server takes everything', () => {
    const clock = make();
    serve(clock, { limit: 5, seconds: 30 });
    expect(clock.pace.perSecond()).toBeLessThan(10);
    expect(serve(clock, { limit: 100_000, seconds: 120 }).shed).toBe(0);
    expect(clock.pace.perSecond()).toBeNull();
  });

  it('forgets a limit by which nothing was shed for a minute, however little there was to do', () => {
    const clock = make();
    clock.pace.slower();
    clock.ms += 59_999;
    expect(clock.pace.faster()).toBe(false);
    clock.ms += 1;
    expect([clock.pace.faster(), clock.pace.allowed()]).toEqual([true, Infinity]);
  });

  it('goes on where the clock is set back', () => {
    const clock = make();
    clock.pace.slower();
    clock.ms -= 3_600_000;
    expect(clock.pace.allowed()).toBe(0);
    clock.pace.slower();
    clock.ms += 2_000;
    expect(clock.pace.allowed()).toBe(1);
  });
});
