import type { DrillPlan } from '../drill-plan.ts';
import { burst } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** Many events come at once, again and again. */
export const burstDrill: DrillPlan = {
  name: 'burst',
  means: '100 to 200 events come at once, again and again',
  load: { ratePerS: 2 },
  disturb: repeat(burst, [12_000, 20_000]),
};
