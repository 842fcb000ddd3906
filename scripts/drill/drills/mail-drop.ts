import type { DrillPlan } from '../drill-plan.ts';
import { mailDrop } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** The mail server drops connections before and after it has taken a mail: nobody can know which. */
export const mailDropDrill: DrillPlan = {
  name: 'mail-drop',
  means: 'the mail server drops connections around the final dot',
  disturb: repeat(mailDrop, [0, 2_000]),
};
