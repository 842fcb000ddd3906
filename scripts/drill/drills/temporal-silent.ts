import type { DrillPlan } from '../drill-plan.ts';
import { temporalSilent } from '../faults/temporal-silent.ts';
import { repeat } from '../repeat.ts';

/** Temporal takes calls and answers none, again and again. */
export const temporalSilentDrill: DrillPlan = {
  name: 'temporal-silent',
  means: 'Temporal takes calls and answers none, again and again: its answers are lost, or it is stopped (SIGSTOP)',
  needs: ['network'],
  disturb: repeat(temporalSilent, [4_000, 8_000]),
};
