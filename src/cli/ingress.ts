import type { Command } from 'commander';

/** `ingress`: takes webhooks and starts runs. */
export function addIngress(program: Command): void {
  program
    .command('ingress')
    .description('take webhooks and start their runs, as a process of its own')
    .action(async (_options: object, command: Command) => (await import('./run-ingress.ts')).runIngress(command));
}
