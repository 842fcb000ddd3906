import type { Command } from 'commander';

/** `doctor`: whether everything is as it should be, and what to do where it is not. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check settings, secrets, PostgreSQL, Temporal, workers, clock and disk, and what waits for a person')
    .action(async (_options: object, command: Command) => {
      process.exitCode = await (await import('./run-doctor.ts')).runDoctor(command);
    });
}
