import type { Command } from 'commander';
import { HOLD_OPTION } from './hold-option.ts';

/** `worker`: runs chains and actions. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run chains and actions, as a process of its own')
    .option(...HOLD_OPTION)
    .action(async (_options: object, command: Command) => (await import('./run-worker.ts')).runWorker(command));
}
