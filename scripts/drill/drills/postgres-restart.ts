import type { DrillPlan } from '../drill-plan.ts';
import { postgresRestart } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** PostgreSQL is stopped at once and recovers, again and again. */
export const postgresRestartDrill: DrillPlan = {
  name: 'postgres-restart',
  means: 'PostgreSQL is stopped at once (`pg_ctl -m immediate`) and recovers',
  disturb: repeat(postgresRestart, [5_000, 12_000]),
};
