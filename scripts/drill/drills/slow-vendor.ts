import type { DrillPlan } from '../drill-plan.ts';
import { slowVendor } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** One vendor after the other is slow, or says nothing. */
export const slowVendorDrill: DrillPlan = {
  name: 'slow-vendor',
  means: 'one vendor after the other answers late, or not at all',
  disturb: repeat(slowVendor, [0, 2_000]),
};
