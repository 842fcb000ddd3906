import type { Command } from 'commander';
import { addAdmin } from './admin.ts';
import { addAlerts } from './alerts.ts';
import { addAudit } from './audit.ts';
import { addDeliveries } from './deliveries.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addDrill } from './drill.ts';
import { addEffects } from './effects.ts';
import { addEntities } from './entities.ts';
import { addEvents } from './events.ts';
import { addHold } from './hold.ts';
import { addIngress } from './ingress.ts';
import { addNotices } from './notices.ts';
import { addPause, addResume } from './pause.ts';
import { addRelease } from './release.ts';
import { addReplay } from './replay.ts';
import { addResolve } from './resolve.ts';
import { addRoutes } from './routes.ts';
import { addRuns } from './runs.ts';
import { addSetup } from './setup.ts';
import { addSources } from './sources.ts';
import { addStock } from './stock.ts';
import { addSwitches } from './switches.ts';
import { addTail } from './tail.ts';
import { addToken } from './token.ts';
import { addTrigger } from './trigger.ts';
import { addUp } from './up.ts';
import { addVerify } from './verify.ts';
import { addWhy } from './why.ts';
import { addWorker } from './worker.ts';

/**
 * Every command, in the order in which `--help` tells them. Those that start servers load what they run (`run-*.ts`) when they are
 * called: it would cost every other command half a second.
 */
export const commands: readonly ((program: Command) => void)[] = [
  addUp,
  addDemo,
  addSetup,
  addDoctor,
  addTrigger,
  addDrill,
  addVerify,
  addEvents,
  addDeliveries,
  addTail,
  addWhy,
  addRuns,
  addEffects,
  addEntities,
  addSources,
  addRoutes,
  addReplay,
  addResolve,
  addHold,
  addRelease,
  addPause,
  addResume,
  addSwitches,
  addAlerts,
  addNotices,
  addStock,
  addAudit,
  addToken,
  addIngress,
  addWorker,
  addAdmin,
];
