import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log, LogFields } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { startAdmin, type RunningAdmin } from '../runtime/admin-process.ts';
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
  readonly meter: Meter;
  readonly signal: AbortSignal;
};

/** A production process that runs. */
interface RunningService {
  /** Where it is, for the log. */
  readonly facts: LogFields;
  /** Resolves or rejects when it has ended by itself. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/** Runs one process of a production installation until it is stopped: logs to stdout, tells operators how it is, ends in order. */
export async function runService(
  command: Command,
  name: 'ingress' | 'worker',
  start: (service: Service) => Promise<RunningService>,
): Promise<void> {
  const { settings, given } = settingsOf(globalsOf(command), 'production');
  const databaseUrl = settings.database.url;
  if (databaseUrl === undefined) throw new HooklineError('bug.unexpected', { expected: 'settings that were checked for production' });
  const log = createLog({ level: settings.log.level, destination: { stdout: true }, name });
  const { signal, stopped } = listenForStop();
  let admin: RunningAdmin | undefined;
  try {
    await prepare(databaseUrl, log);
    const common = { ...world, settings, databaseUrl, temporal: toTemporalTarget(settings, process.env), log };
    admin = await startAdmin({ ...common, given, role: name });
    const running = await start({ ...common, meter: admin.meter, signal });
    try {
      admin.started();
      log.info({ ...running.facts, admin_url: admin.url }, 'ready');
      await Promise.race([stopped.then((signalName) => log.info({ signal: signalName }, 'stopping')), running.ended]);
    } finally {
      admin.drain();
      await running.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await admin?.close();
    await log.close();
  }
}
