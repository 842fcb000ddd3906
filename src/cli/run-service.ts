import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { createLog } from '../runtime/log.ts';
import { prepare, toTemporalTarget } from '../runtime/stack-servers.ts';
import type { TemporalTarget } from '../runtime/temporal-client.ts';
import { globalsOf, settingsOf } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { world } from './world.ts';

/** What a production process is started with. */
export type Service = typeof world & {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** Runs one process of a production installation until it is stopped: logs to stdout, ends in order. */
export async function runService(
  command: Command,
  name: 'ingress' | 'worker',
  start: (service: Service) => Promise<{ readonly ended: Promise<unknown>; close(): Promise<void> }>,
): Promise<void> {
  const { settings } = settingsOf(globalsOf(command), 'production');
  const databaseUrl = settings.database.url;
  if (databaseUrl === undefined) throw new HooklineError('bug.unexpected', { expected: 'settings that were checked for production' });
  const log = createLog({ level: settings.log.level, destination: { stdout: true }, name });
  const { signal, stopped } = listenForStop();
  try {
    await prepare(databaseUrl, log);
    const running = await start({ ...world, settings, databaseUrl, temporal: toTemporalTarget(settings, process.env), log, signal });
    try {
      await Promise.race([stopped.then((signalName) => log.info({ signal: signalName }, 'stopping')), running.ended]);
    } finally {
      await running.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await log.close();
  }
}
