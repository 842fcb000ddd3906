import type { DrillPlan } from '../drill-plan.ts';
import { connectionsCut } from '../faults/connections-cut.ts';
import { repeat } from '../repeat.ts';

/** Connections to Temporal, PostgreSQL and vendors are cut, one line after the other. */
export const networkCutDrill: DrillPlan = {
  name: 'network-cut',
  means: 'connections to Temporal, PostgreSQL and vendors are cut, one line after the other',
  needs: ['network'],
  disturb: repeat(connectionsCut, [1_000, 4_000]),
};
