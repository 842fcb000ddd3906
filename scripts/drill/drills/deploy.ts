import type { DrillPlan } from '../drill-plan.ts';
import { rollingRestart } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** Every process is replaced, one after the other, by SIGTERM. */
export const deployDrill: DrillPlan = {
  name: 'deploy',
  means: 'every process is replaced in turn (SIGTERM), as a rolling deploy does',
  load: { ratePerS: 8 },
  disturb: repeat(rollingRestart, [1_000, 3_000]),
};
