import type { DrillPlan } from '../drill-plan.ts';
import { secretRotation } from '../faults/secret-rotation.ts';
import { repeat } from '../repeat.ts';

/** The secret of the source is rotated under load, again and again. */
export const secretRotationDrill: DrillPlan = {
  name: 'secret-rotation',
  means: 'the secret of the source is rotated under load, again and again',
  load: { ratePerS: 8 },
  disturb: repeat(secretRotation, [0, 1_000]),
};
