import type { DrillPlan } from './drill-plan.ts';
import { allDrill } from './drills/all.ts';
import { burstDrill } from './drills/burst.ts';
import { deployDrill } from './drills/deploy.ts';
import { duplicateStormDrill } from './drills/duplicate-storm.ts';
import { ingressKillDrill } from './drills/ingress-kill.ts';
import { mailDropDrill } from './drills/mail-drop.ts';
import { postgresRestartDrill } from './drills/postgres-restart.ts';
import { quietDrill } from './drills/quiet.ts';
import { reorderDrill } from './drills/reorder.ts';
import { slowVendorDrill } from './drills/slow-vendor.ts';
import { soakDrill } from './drills/soak.ts';
import { temporalDownDrill } from './drills/temporal-down.ts';
import { vendorErrorsDrill } from './drills/vendor-errors.ts';
import { workerKillDrill } from './drills/worker-kill.ts';

/** Every drill. */
export const DRILLS: readonly DrillPlan[] = [
  quietDrill,
  temporalDownDrill,
  workerKillDrill,
  ingressKillDrill,
  postgresRestartDrill,
  duplicateStormDrill,
  reorderDrill,
  slowVendorDrill,
  vendorErrorsDrill,
  mailDropDrill,
  deployDrill,
  burstDrill,
  soakDrill,
  allDrill,
];
