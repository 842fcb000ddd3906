import type { Command } from 'commander';
import { HOLD_OPTION } from './hold-option.ts';

/** `ingress`: takes webhooks and starts runs. */
export function addIngress(program: Command): void {
  program
    .command('ingress')
    .description('take webhooks and start their runs, as a process of its own')
    .option(...HOLD_OPTION)
    .action(async (_options: object, command: Command) => (await import('./run-ingress.ts')).runIngress(command));
}
