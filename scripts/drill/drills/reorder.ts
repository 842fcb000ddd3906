import type { DrillPlan } from '../drill-plan.ts';

/** Half of all events are overtaken by newer ones of the same entity. */
export const reorderDrill: DrillPlan = {
  name: 'reorder',
  means: 'half of all events are overtaken by newer ones',
  load: { reordered: 0.5, ratePerS: 8 },
  async disturb({ note, wait, isOver }) {
    note('half of all events were held back');
    while (!isOver()) await wait(60_000);
  },
};
