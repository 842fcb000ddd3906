import { join } from 'node:path';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { migrate } from '../store/migrate.ts';
import { createPool } from '../store/pool.ts';
import { startPostgres } from './embedded-postgres.ts';
import { findTemporalCli } from './find-temporal-cli.ts';
import { toProgressLine } from './progress.ts';
import type { StackPorts } from './stack-ports.ts';
import { resolveTemporal, type TemporalTarget } from './temporal-client.ts';
import { startTemporal } from './temporal-server.ts';

/** What both servers are started with. */
interface ServerOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  /** Told when the server ends by itself. */
  readonly onFailed: (reason: unknown) => void;
}

/** The stack's PostgreSQL, migrated: the one of the settings, else an embedded one. */
export async function startStackDatabase({
  settings,
  log,
  onProgress,
  onFailed,
}: ServerOptions): Promise<{ readonly url: string; close(): Promise<void> }> {
  const given = settings.database.url;
  if (given !== undefined) {
    await prepare(given, log);
    return { url: given, close: async () => {} };
  }
  const postgres = await startPostgres({ dataDir: join(settings.data, 'postgres'), log, onProgress });
  let closing = false;
  void postgres.died.then(() => {
    if (!closing) onFailed(new HooklineError('postgres.unavailable', { got: 'an embedded PostgreSQL that has ended by itself' }));
  });
  const close = async (): Promise<void> => {
    closing = true;
    await postgres.close();
  };
  try {
    await prepare(postgres.url, log);
    return { url: postgres.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Brings a database to the newest schema. */
export async function prepare(url: string, log: Log): Promise<void> {
  const pool = createPool({ url, max: 1, applicationName: 'hookline-migrate', log });
  try {
    await migrate({ pool, log });
  } finally {
    await pool.close();
  }
}

/** The stack's Temporal: the one of the settings or the environment, else an embedded one that is starting. */
export async function startStackTemporal(options: ServerOptions & { readonly ports: StackPorts; readonly signal: AbortSignal }): Promise<{
  readonly target: TemporalTarget;
  readonly address: string;
  readonly namespace: string;
  readonly starting: Promise<{ readonly uiUrl: string | null; close(): Promise<void> }>;
}> {
  const { settings, env, ports } = options;
  const external = settings.temporal.address ?? env['TEMPORAL_ADDRESS'];
  const target = external === undefined ? { address: `127.0.0.1:${ports.temporal}` } : toTemporalTarget(settings, env);
  const { address, namespace } = resolveTemporal(target);
  return {
    target,
    address,
    namespace,
    starting: external === undefined ? startEmbedded(options) : Promise.resolve({ uiUrl: null, close: async () => {} }),
  };
}

/** Where Temporal is, by settings and environment; the settings win. */
export function toTemporalTarget({ temporal: { address, namespace } }: Settings, env: ServerOptions['env']): TemporalTarget {
  return {
    env: {
      ...env,
      ...(address === undefined ? {} : { TEMPORAL_ADDRESS: address }),
      ...(namespace === undefined ? {} : { TEMPORAL_NAMESPACE: namespace }),
    },
  };
}

async function startEmbedded({
  settings,
  env,
  log,
  onProgress,
  onFailed,
  ports,
  signal,
}: ServerOptions & { readonly ports: StackPorts; readonly signal: AbortSignal }): Promise<{
  readonly uiUrl: string | null;
  close(): Promise<void>;
}> {
  const cli = await findTemporalCli({
    env,
    progress: (event) => onProgress(toProgressLine(event)),
    fallbackDir: join(settings.data, 'cache'),
    signal,
  });
  return startTemporal({
    cli: cli.path,
    dataDir: join(settings.data, 'temporal'),
    port: ports.temporal,
    uiPort: ports.temporalUi,
    log,
    onExit: (how) => onFailed(new HooklineError('temporal.unavailable', { got: `an embedded Temporal server that ${how}` })),
  });
}
