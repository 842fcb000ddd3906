import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HooklineError } from '../../src/contracts/errors.ts';
import { createGroupCommit } from '../../src/store/group-commit.ts';
import { budget } from './budget.ts';
import { settled } from './world/world.ts';

/** What happens to a statement: it is committed or not, and it answers or not. */
const FATES = ['answers', 'answers', 'answers', 'failsBefore', 'failsAfter'] as const;

const IN_FLIGHT = 2;

it('settles every item once, in order, and never as committed what is not, in whatever order statements and time limits end', async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom(...FATES), { minLength: 24, maxLength: 24 }),
    fc.boolean(),
    async (scheduler, pauses, fates, hasLimits) => {
      const committed = new Set<number>();
      const written: number[] = [];
      let underWay = 0;
      let most = 0;
      const group = createGroupCommit<number, number>({
        write: async (items) => {
          underWay += 1;
          most = Math.max(most, underWay);
          const fate = fates[written.length % fates.length];
          written.push(...items);
          await scheduler.schedule(Promise.resolve(), `statement of ${items.join()}`);
          underWay -= 1;
          if (fate !== 'failsBefore') for (const item of items) committed.add(item);
          if (fate !== 'answers') throw new HooklineError('postgres.unavailable');
          return items.map((value) => ({ status: 'fulfilled', value }));
        },
        sizeBytes: () => 1,
        limits: { maxBatch: 3, maxBatchBytes: 100, maxWaiting: 100, maxWaitingBytes: 100, maxInFlight: IN_FLIGHT, maxWaitMs: 1_000 },
        onWritten: () => {},
        after: (_ms, act) => {
          if (!hasLimits) return () => {};
          let isOff = false;
          void scheduler.schedule(Promise.resolve(), 'time limit').then(() => (isOff ? undefined : act()));
          return () => {
            isOff = true;
          };
        },
      });

      const told: [item: number, isCommitted: boolean][] = [];
      for (const [item, isPause] of pauses.entries()) {
        void group.add(item).then(
          (value) => void told.push([value, true]),
          () => void told.push([item, false]),
        );
        if (isPause) await scheduler.waitNext(1);
      }
      await scheduler.waitIdle();
      await settled();

      expect(told.map(([item]) => item).toSorted((a, b) => a - b)).toEqual(pauses.map((_pause, item) => item));
      for (const [item, isCommitted] of told) if (isCommitted) expect(committed).toContain(item);
      if (!hasLimits && fates.every((fate) => fate === 'answers')) expect(told.every(([, isCommitted]) => isCommitted)).toBe(true);
      expect(written).toEqual(written.toSorted((a, b) => a - b));
      expect(new Set(written).size).toBe(written.length);
      expect(most).toBeLessThanOrEqual(IN_FLIGHT);
      expect(group.waiting()).toBe(0);
      await group.close();
    },
  );
  await fc.assert(property, { numRuns: Math.ceil(budget.runs / 20), seed: budget.seed });
});
