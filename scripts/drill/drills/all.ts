import type { DrillPlan } from '../drill-plan.ts';
import * as faults from '../faults.ts';
import { between, pick } from '../random.ts';

/** From the end of one fault to the next; with what they last, one every 10 s on average. */
const PAUSE_MS = [1_000, 7_000] as const;

/** Faults of every kind at random, by the seed. */
export const allDrill: DrillPlan = {
  name: 'all',
  means: 'faults of every kind at random, by the seed',
  load: { reordered: 0.2 },
  async disturb(disturbance) {
    const { random, wait, isOver } = disturbance;
    while (!isOver()) {
      await wait(between(random, ...PAUSE_MS));
      if (isOver()) return;
      const fault = pick(random, [
        faults.temporalDown,
        faults.postgresRestart,
        faults.ingressKill,
        faults.workerKill,
        faults.rollingRestart,
        faults.burst,
        faults.slowVendor,
        faults.vendorErrors,
        faults.mailDrop,
      ]);
      await fault(disturbance);
    }
  },
};
