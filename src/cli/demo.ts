import type { Command } from 'commander';

/** `demo`: everything once, on ports and in a folder of its own. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('start everything in a temporary folder, send webhooks good and bad, and check what becomes of them')
    .option('--keep', 'go on running until Ctrl-C, so that the links can be opened')
    .action(async (_options: object, command: Command) => {
      process.exitCode = await (await import('./run-demo.ts')).runDemo(command);
    });
}
