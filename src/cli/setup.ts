import type { Command } from 'commander';

/** `setup`: makes the servers of the settings ready. */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('make PostgreSQL and Temporal ready: schema, namespace, retention, search attributes; may be run again')
    .action(async (_options: object, command: Command) => (await import('./run-setup.ts')).runSetup(command));
}
