import type { DrillPlan } from '../drill-plan.ts';
import { vendorErrors } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** One vendor after the other answers 429, 4xx and 5xx, resets before and after it has done its work, and pours without an end. */
export const vendorErrorsDrill: DrillPlan = {
  name: 'vendor-errors',
  means: 'one vendor after the other answers 429, 4xx, 5xx, resets before or after its work, and pours endlessly',
  disturb: repeat(vendorErrors, [0, 2_000]),
};
