import { expect, it } from 'vitest';
import type { Disturbance } from '../../../scripts/drill/drill-plan.ts';
import { killRounds } from '../../../scripts/drill/kill-rounds.ts';

it('kills and starts each process on a beat of its own, and leaves none of them dead', async () => {
  const done: string[] = [];
  const beats: number[] = [];
  const take = (what: string) => async (name: string) => void done.push(`${what} ${name}`);
  const disturbance = {
    stack: { fleet: { kill: take('kill'), start: take('start') } },
    note: () => {},
    wait: async (ms: number) => void beats.push(ms),
    isOver: () => done.length >= 12,
  } as unknown as Disturbance; // what kills look at
  await killRounds(['worker-1', 'worker-2'], 1_000)(disturbance);
  for (const name of ['worker-1', 'worker-2']) {
    const own = done.filter((one) => one.endsWith(name));
    expect(own.length).toBeGreaterThanOrEqual(4);
    expect(own).toEqual(own.map((_, index) => `${index % 2 === 0 ? 'kill' : 'start'} ${name}`));
    expect(own.at(-1)).toBe(`start ${name}`);
  }
  expect(beats.slice(0, 2)).toEqual([500, 1_000]);
});
