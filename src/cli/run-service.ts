import type { Command } from 'commander';
import { createCommitWatch } from '../admin/commit-watch.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log, LogFields } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import type { Tracer } from '../contracts/tracing.ts';
import { startAdmin, type RunningAdmin } from '../runtime/admin-process.ts';
import { createLog } from '../runtime/log.ts';
import { prepare, toTemporalTarget } from '../runtime/stack-servers.ts';
import type { TemporalTarget } from '../runtime/temporal-client.ts';
import { createTracer } from '../runtime/tracing/create-tracer.ts';
import { holdAtStart } from './hold-at-start.ts';
import { globalsOf, settingsToServe } from './settings.ts';
import { listenForStop } from './stop-signals.ts';
import { world } from './world.ts';

/** What a production process is started with. */
export type Service = typeof world & {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly log: Log;
  readonly meter: Meter;
  readonly tracer: Tracer;
  /** Has text of somebody else's metrics put below ours. */
  readonly addMetrics: RunningAdmin['addMetrics'];
  readonly signal: AbortSignal;
  /** Told of each commit what it threw, or `undefined`; readiness says what it means. */
  readonly onCommit: (failure: unknown) => void;
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
  name: 'ingress' | 'worker' | 'admin',
  start: (service: Service) => Promise<RunningService>,
): Promise<void> {
  const { settings, given } = settingsToServe(globalsOf(command), {
    mode: 'production',
    listeners: name === 'ingress' ? ['ingress', 'admin'] : ['admin'],
  });
  const databaseUrl = settings.database.url;
  if (databaseUrl === undefined) throw new HooklineError('bug.unexpected', { expected: 'settings that were checked for production' });
  const log = createLog({ level: settings.log.level, destination: { stdout: true }, name });
  const { signal, stopped } = listenForStop();
  const env = name === 'admin' ? {} : process.env; // whoever serves operators is part of no trace
  const tracer = await createTracer({ ...world, env, service: `hookline-${name}`, log });
  let admin: RunningAdmin | undefined;
  try {
    await prepare(databaseUrl, log);
    await holdAtStart({ databaseUrl, wanted: command.opts<{ readonly hold?: true }>().hold === true, log });
    const common = { ...world, settings, databaseUrl, temporal: toTemporalTarget(settings, process.env), log };
    const api = name === 'admin' ? { settings, uiUrl: () => settings.temporal.uiUrl ?? null, newUuid: world.newUuid } : undefined;
    const commits = createCommitWatch(world.now);
    admin = await startAdmin({ ...common, given, role: name, api, commits });
    const running = await start({ ...common, meter: admin.meter, tracer, addMetrics: admin.addMetrics, signal, onCommit: commits.note });
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
    await tracer.close();
    await log.close();
  }
}
