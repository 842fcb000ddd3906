import type { DrillPlan } from '../drill-plan.ts';

/** Nothing is broken: what the checker says of an ordinary day. */
export const quietDrill: DrillPlan = {
  name: 'quiet',
  means: 'nothing is broken',
  wantsFaults: false,
  async disturb({ wait, isOver }) {
    while (!isOver()) await wait(60_000);
  },
};
