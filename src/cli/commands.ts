import type { Command } from 'commander';
import { addDeliveries } from './deliveries.ts';
import { addDemo } from './demo.ts';
import { addEvents } from './events.ts';
import { addIngress } from './ingress.ts';
import { addNotices } from './notices.ts';
import { addReplay } from './replay.ts';
import { addStock } from './stock.ts';
import { addTrigger } from './trigger.ts';
import { addUp } from './up.ts';
import { addVerify } from './verify.ts';
import { addWorker } from './worker.ts';

/**
 * Every command, in the order in which `--help` tells them. Those that start servers load what they run (`run-*.ts`) when they are
 * called: it would cost every other command half a second.
 */
export const commands: readonly ((program: Command) => void)[] = [
  addUp,
  addDemo,
  addTrigger,
  addVerify,
  addEvents,
  addDeliveries,
  addReplay,
  addNotices,
  addStock,
  addIngress,
  addWorker,
];
