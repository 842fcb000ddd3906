import { describe, expect, it } from 'vitest';
import { createStartWidth, type StartWidth } from '../../src/ingress/start-width.ts';

/** A width on a clock of its own. */
function make(most = 20): { readonly width: StartWidth; ms: number } {
  const clock = { ms: 1_000_000 };
  return Object.assign(clock, { width: createStartWidth({ most, now: () => new Date(clock.ms) }) });
}

function answer(width: StartWidth, count: number, durationMs: number): void {
  for (let index = 0; index < count; index += 1) width.answered(durationMs);
}

describe('createStartWidth', () => {
  it('begins with two, and is as wide as it may be once nothing is late', () => {
    const { width } = make();
    expect(width.current()).toBe(2);
    answer(width, 500, 8);
    expect(width.current()).toBe(20);
  });

  it('narrows down to two when starts are late, and opens again when they are not', () => {
    const { width } = make();
    answer(width, 500, 8);
    answer(width, 200, 500);
    expect(width.current()).toBe(2);
    answer(width, 500, 8);
    expect(width.current()).toBe(20);
  });

  it('stays narrow where it has never seen Temporal without too much to do', () => {
    const { width } = make();
    for (let round = 0; round < 200; round += 1) answer(width, 1, 105 + 25 * Math.max(0, width.current() - 2));
    expect(width.current()).toBeLessThanOrEqual(5);
  });

  it('narrows once for what was under way together', () => {
    const { width } = make();
    answer(width, 500, 8);
    answer(width, 13, 900);
    expect(width.current()).toBe(14);
  });

  it('is not misled by one late answer', () => {
    const { width } = make();
    answer(width, 500, 8);
    answer(width, 1, 150);
    answer(width, 20, 8);
    expect(width.current()).toBe(20);
  });

  it('takes a long way to the server for what it is: late is what is late beside the quickest', () => {
    const { width } = make();
    answer(width, 1_000, 220);
    expect(width.current()).toBe(20);
    answer(width, 200, 700);
    expect(width.current()).toBe(2);
  });

  it('learns a longer way within two of the times that it remembers', () => {
    const clock = make();
    answer(clock.width, 50, 8);
    answer(clock.width, 200, 120);
    expect(clock.width.current()).toBe(2);
    for (let minute = 0; minute < 25; minute += 1) {
      clock.ms += 60_000;
      answer(clock.width, 50, 120);
    }
    expect(clock.width.current()).toBe(20);
  });

  it('keeps what is allowed where that is less than two', () => {
    const { width } = make(1);
    answer(width, 50, 8);
    answer(width, 200, 500);
    expect(width.current()).toBe(1);
  });
});
