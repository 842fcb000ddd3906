import type { Command } from 'commander';
import { startChores } from '../runtime/chores-process.ts';
import { runService } from './run-service.ts';

/** Serves operators until it is stopped: the listener that every process has, with the API on it, and the chores that one of all does. */
export function runAdmin(command: Command): Promise<void> {
  return runService(command, 'admin', async (service) => ({ facts: {}, ended: new Promise<never>(() => {}), ...startChores(service) }));
}
