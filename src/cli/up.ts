import type { Command } from 'commander';
import { HOLD_OPTION } from './hold-option.ts';

/** `up`: everything on this machine, until Ctrl-C. */
export function addUp(program: Command): void {
  program
    .command('up')
    .description('start everything on this machine: PostgreSQL, Temporal with its UI, mail catcher, ingress, worker')
    .option('--fresh', 'forget all data of earlier starts first')
    .option('--any-ports', 'take any free ports, so that several can run side by side')
    .option(...HOLD_OPTION)
    .action(async (_options: object, command: Command) => (await import('./run-up.ts')).runUp(command));
}
