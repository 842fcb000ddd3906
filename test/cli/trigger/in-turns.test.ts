import { expect, test } from 'vitest';
import { inTurns } from '../../../src/cli/trigger/in-turns.ts';

test('works on a few items at a time, tells results as they come, and returns them in order', async () => {
  let under = 0;
  let most = 0;
  const told: number[] = [];
  const results = await inTurns([4, 3, 2, 1, 0], {
    atOnce: 2,
    work: async (item) => {
      most = Math.max(most, ++under);
      for (let turn = 0; turn < item * 10; turn++) await Promise.resolve();
      under--;
      return item * 100;
    },
    onResult: (result) => told.push(result),
  });
  expect(results).toEqual([400, 300, 200, 100, 0]);
  expect(told.toSorted((a, b) => a - b)).toEqual([0, 100, 200, 300, 400]);
  expect(told[0]).toBe(300); // the second item is done before the first
  expect(most).toBe(2);
});
