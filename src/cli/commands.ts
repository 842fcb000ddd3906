import type { Command } from 'commander';
import { addIngress } from './ingress.ts';
import { addUp } from './up.ts';
import { addWorker } from './worker.ts';

/** Every command, in the order in which `--help` tells them. */
export const commands: readonly ((program: Command) => void)[] = [addUp, addIngress, addWorker];
