import type { Command } from 'commander';

/** `worker`: runs chains and actions. */
export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run chains and actions, as a process of its own')
    .action(async (_options: object, command: Command) => (await import('./run-worker.ts')).runWorker(command));
}
