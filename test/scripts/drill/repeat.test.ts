import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Disturbance } from '../../../scripts/drill/drill-plan.ts';
import { repeat } from '../../../scripts/drill/repeat.ts';

/** A disturbance of five faults, of which nothing is asked but how long it is to wait. */
async function pausesOf(everyMs: number | undefined): Promise<readonly number[]> {
  const pauses: number[] = [];
  const disturbance = {
    random: () => 0.5,
    everyMs,
    wait: async (ms: number) => void pauses.push(ms),
    isOver: () => pauses.length >= 5,
  } as unknown as Disturbance; // what a drill of one fault looks at
  await repeat(() => sleep(5), [1_000, 3_000])(disturbance);
  return pauses;
}

describe('a drill of one fault', () => {
  it('strikes after its own pauses', async () => {
    expect(await pausesOf(undefined)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000]);
  });

  it('strikes as often as it is told to, what the fault itself takes included', async () => {
    const [first, ...others] = await pausesOf(500);
    expect(first).toBe(500);
    expect(Math.max(...others)).toBeLessThan(500);
  });
});
