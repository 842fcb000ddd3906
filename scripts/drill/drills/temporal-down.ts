import type { DrillPlan } from '../drill-plan.ts';
import { temporalDown } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** Temporal is killed again and again: webhooks are taken all the same, and run when it is back. */
export const temporalDownDrill: DrillPlan = {
  name: 'temporal-down',
  means: 'Temporal is killed and away for seconds, again and again',
  disturb: repeat(temporalDown, [4_000, 8_000]),
};
