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

/** Options of both servers. */
export interface ServerOptions {
  readonly folder: string;
  readonly log: Log;
}

/** A PostgreSQL; its crash is what `pg_ctl -m immediate stop` does: SIGQUIT, no checkpoint, recovery from the log at the next start. */
export async function startBreakablePostgres({ folder, log }: ServerOptions): Promise<BreakableServer & { readonly url: string }> {
  const dataDir = join(folder, 'postgres');
  let server: EmbeddedPostgres = await startPostgres({ dataDir, log });
  const { url, port } = server;
  let runs = true;
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
      server = await startPostgres({ dataDir, port, log });
      runs = true;
    },
    close: () => server.close(),
  };
}

/** A Temporal development server; its crash is SIGKILL. */
export async function startBreakableTemporal({
  folder,
  log,
  onProgress,
}: ServerOptions & { readonly onProgress: (line: string) => void }): Promise<BreakableServer & { readonly address: string }> {
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
  return {
    address,
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
