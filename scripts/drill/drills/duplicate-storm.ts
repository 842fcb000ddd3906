import type { DrillPlan } from '../drill-plan.ts';

const COPIES = 5;

/** Every event comes six times, three of them at once, to both ingresses. */
export const duplicateStormDrill: DrillPlan = {
  name: 'duplicate-storm',
  means: 'every event comes six times, half of them at once',
  load: { copies: COPIES },
  async disturb({ note, wait, isOver }) {
    note(`each event came ${COPIES + 1} times`);
    while (!isOver()) await wait(60_000);
  },
};
