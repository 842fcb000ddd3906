import { describe, expect, it } from 'vitest';
import { createVendorWait } from '../../src/activities/vendor-wait.ts';

const SECOND = 1_000;

describe('createVendorWait', () => {
  it.each([
    [0, 0, 0],
    [3 * SECOND, 0, 3 * SECOND],
    [3 * SECOND, 1, 3.3 * SECOND],
    [SECOND, 1, 1.25 * SECOND],
    [3_600 * SECOND, 1, 3_630 * SECOND],
    [999.2, 0, 1_000],
  ])('of %f ms that a vendor wants, at chance %f, makes %f: never less, and a little more', (leftMs, chance, expected) => {
    expect(createVendorWait({ random: () => chance, nowMs: () => 0 })('crm', leftMs)).toBe(expected);
  });

  it('gives all that wait for one vendor turns of 20 ms, and those that wait for another are none of them', () => {
    let now = 0;
    const wait = createVendorWait({ random: () => 0, nowMs: () => now });
    expect(Array.from({ length: 4 }, () => wait('crm', SECOND))).toEqual([1_000, 1_020, 1_040, 1_060]);
    expect(wait('team', SECOND)).toBe(1_000);
    now = 500;
    expect(wait('crm', 500)).toBe(580);
  });
});
