import type { Command } from 'commander';

/** `admin`: what operators look at and change. */
export function addAdmin(program: Command): void {
  program
    .command('admin')
    .description('serve operators: the admin API, health and metrics, as a process of its own')
    .action(async (_options: object, command: Command) => (await import('./run-admin.ts')).runAdmin(command));
}
