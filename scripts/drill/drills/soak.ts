import type { DrillPlan } from '../drill-plan.ts';

/** Nothing is broken, for long: what leaks shows. */
export const soakDrill: DrillPlan = {
  name: 'soak',
  means: 'nothing is broken, for long (an hour is meant), and memory and file descriptors of each process are watched',
  load: { ratePerS: 10 },
  wantsFaults: false,
  watchEveryMs: 10_000,
  async disturb({ wait }) {
    await wait(Number.MAX_SAFE_INTEGER);
  },
};
