import { once } from 'node:events';
import { join } from 'node:path';
import type { Log } from '../../src/contracts/names.ts';
import { startPostgres, type EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { toProgressLine } from '../../src/runtime/progress.ts';
import { startTemporal, type TemporalServer } from '../../src/runtime/temporal-server.ts';

/** A server of the drill, which can be broken and started again at its place with its data. */
export interface BreakableServer {
  /** Ends it at once, where it runs. */
  crash(): Promise<void>;
  /** Starts it where it does not run, and resolves when it can be used. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A Temporal that can be stopped in its tracks too. */
export interface BreakableTemporal extends BreakableServer {
  readonly address: string;
  /** Stops it (SIGSTOP), where it runs: it takes connections and calls, and answers none. */
  pause(): void;
  /** Lets it go on, where it was paused. */
  resume(): void;
}

/** Options of both servers. */
export interface ServerOptions {
  readonly folder: string;
  readonly log: Log;
}

/**
 * A PostgreSQL; its crash is what `pg_ctl -m immediate stop` does: SIGQUIT, no checkpoint, recovery from the log at the next start. It may
 * also end by itself, as it does on a full disk, and be started again.
 */
export async function startBreakablePostgres({ folder, log }: ServerOptions): Promise<BreakableServer & { readonly url: string }> {
  const dataDir = join(folder, 'postgres');
  let runs = false;
  const launch = async (port?: number): Promise<EmbeddedPostgres> => {
    const launched = await startPostgres({ dataDir, port, log });
    runs = true;
    void launched.died.then(() => (runs = false));
    return launched;
  };
  let server = await launch();
  const { url, port } = server;
  return {
    url,
    async crash() {
      if (!runs) return;
      runs = false;
      process.kill(server.pid, 'SIGQUIT');
      await server.died;
    },
    async start() {
      if (runs) return;
      server = await launch(port);
    },
    close: () => server.close(),
  };
}

/** A Temporal development server; its crash is SIGKILL. */
export async function startBreakableTemporal({
  folder,
  log,
  onProgress,
}: ServerOptions & { readonly onProgress: (line: string) => void }): Promise<BreakableTemporal> {
  const cli = await findTemporalCli({ env: process.env, progress: (event) => onProgress(toProgressLine(event)) });
  const exits = new EventTarget();
  const launch = (port?: number): Promise<TemporalServer> =>
    startTemporal({
      cli: cli.path,
      dataDir: join(folder, 'temporal'),
      port,
      headless: true,
      log,
      onExit: () => void exits.dispatchEvent(new Event('exit')),
    });
  let server = await launch();
  const { address } = server;
  let runs = true;
  const tell = (signal: 'SIGSTOP' | 'SIGCONT'): void => {
    if (runs) process.kill(server.pid, signal);
  };
  return {
    address,
    pause: () => tell('SIGSTOP'),
    resume: () => tell('SIGCONT'),
    async crash() {
      if (!runs) return;
      runs = false;
      const gone = once(exits, 'exit');
      process.kill(server.pid, 'SIGKILL');
      await gone;
    },
    async start() {
      if (runs) return;
      server = await launch(Number(address.split(':').at(-1)));
      runs = true;
    },
    close: () => server.close(),
  };
}
