import type { DrillPlan } from '../drill-plan.ts';
import { temporalSlow } from '../faults/temporal-slow.ts';
import { repeat } from '../repeat.ts';

/** Every answer of Temporal is late, again and again. */
export const temporalSlowDrill: DrillPlan = {
  name: 'temporal-slow',
  means: 'every answer of Temporal is 1 to 3 s late, again and again',
  needs: ['network'],
  disturb: repeat(temporalSlow, [3_000, 6_000]),
};
