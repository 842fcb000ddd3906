import type { DrillPlan } from './drill-plan.ts';
import { allDrill } from './drills/all.ts';
import { burstDrill } from './drills/burst.ts';
import { clockSkewDrill } from './drills/clock-skew.ts';
import { deployDrill } from './drills/deploy.ts';
import { diskFullDrill } from './drills/disk-full.ts';
import { drainDrill } from './drills/drain.ts';
import { duplicateStormDrill } from './drills/duplicate-storm.ts';
import { ingressKillDrill } from './drills/ingress-kill.ts';
import { mailDropDrill } from './drills/mail-drop.ts';
import { networkCutDrill } from './drills/network-cut.ts';
import { postgresRestartDrill } from './drills/postgres-restart.ts';
import { quietDrill } from './drills/quiet.ts';
import { reorderDrill } from './drills/reorder.ts';
import { secretRotationDrill } from './drills/secret-rotation.ts';
import { sigtermDrill } from './drills/sigterm.ts';
import { slowVendorDrill } from './drills/slow-vendor.ts';
import { soakDrill } from './drills/soak.ts';
import { temporalDownDrill } from './drills/temporal-down.ts';
import { temporalSilentDrill } from './drills/temporal-silent.ts';
import { temporalSlowDrill } from './drills/temporal-slow.ts';
import { vendorErrorsDrill } from './drills/vendor-errors.ts';
import { workerKillDrill } from './drills/worker-kill.ts';
import { workerStopDrill } from './drills/worker-stop.ts';

/** Every drill. */
export const DRILLS: readonly DrillPlan[] = [
  quietDrill,
  temporalDownDrill,
  temporalSlowDrill,
  temporalSilentDrill,
  workerKillDrill,
  workerStopDrill,
  ingressKillDrill,
  postgresRestartDrill,
  diskFullDrill,
  networkCutDrill,
  duplicateStormDrill,
  reorderDrill,
  slowVendorDrill,
  vendorErrorsDrill,
  mailDropDrill,
  deployDrill,
  secretRotationDrill,
  clockSkewDrill,
  burstDrill,
  drainDrill,
  sigtermDrill,
  soakDrill,
  allDrill,
];
