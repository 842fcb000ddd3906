import type { DrillPlan } from '../drill-plan.ts';
import { clockSkew } from '../faults/clock-skew.ts';
import { repeat } from '../repeat.ts';

/** One process after the other has a clock that is wrong, and jumps. */
export const clockSkewDrill: DrillPlan = {
  name: 'clock-skew',
  means: 'one process after the other has a clock that is minutes ahead, jumps to minutes behind, and is put right',
  needs: ['clocks'],
  disturb: repeat(clockSkew, [0, 2_000]),
};
