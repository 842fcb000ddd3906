import type { DrillPlan } from '../drill-plan.ts';
import { diskFull } from '../faults/disk-full.ts';
import { repeat } from '../repeat.ts';

/** The disk of PostgreSQL is full, again and again. */
export const diskFullDrill: DrillPlan = {
  name: 'disk-full',
  means: 'the disk of PostgreSQL is full, again and again (needs root)',
  needs: ['disk'],
  disturb: repeat(diskFull, [5_000, 8_000]),
};
