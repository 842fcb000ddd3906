import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { freePort, isPortFree } from './free-port.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { ensurePostgresCluster, loadPostgresPassword, POSTGRES_ROLE } from './postgres-cluster.ts';
import { stopLeftoverPostgres } from './postgres-leftover.ts';
import { rotatePostgresLog } from './postgres-log.ts';
import { launchPostgres, stopPostgres } from './postgres-server.ts';
import { choosePostgresUser } from './postgres-user.ts';

/** A running PostgreSQL of our own, on loopback only. */
export interface EmbeddedPostgres {
  /** With the password: never log it. */
  readonly url: string;
  readonly port: number;
  /** The server's own. */
  readonly pid: number;
  /** Resolves when the server ends without `close()`. */
  readonly died: Promise<void>;
  /** Ends the server: fast shutdown (open transactions are rolled back), an immediate one after 5 s. */
  close(): Promise<void>;
}

/** Options of `startPostgres`. */
export interface StartPostgresOptions {
  /** Folder of the server, made when missing: holds `cluster/`, `password` (mode 0600) and `postgres.log`. */
  readonly dataDir: string;
  /** @default a free one */
  readonly port?: number | undefined;
  readonly log: Log;
  /** Told in one phrase what takes longer than a moment. */
  readonly onProgress?: ((what: string) => void) | undefined;
}

const LAUNCH_TRIES = 20;
const LAUNCH_PAUSE_MS = 250;

/**
 * Starts the embedded PostgreSQL and resolves once it takes connections: data are on disk before a commit returns (`fsync`
 * and `synchronous_commit` on), 127.0.0.1 only, passwords by SCRAM. A server that an earlier process left on the same
 * folder is stopped first. Two processes must not start one folder at once: the caller holds its lock.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.dataDir);
  const cluster = join(folder, 'cluster');
  const passwordFile = join(folder, 'password');
  const logFile = join(folder, 'postgres.log');
  const { env } = process;

  const { initdb, postgres } = await findPostgresBinaries();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = await choosePostgresUser({ folder, cluster, postgres, env });
  const password = await loadPostgresPassword(passwordFile);
  await user.own(folder);
  await rotatePostgresLog(logFile);
  await ensurePostgresCluster({ cluster, passwordFile, initdb, user, logFile, env, onProgress: options.onProgress });
  await stopLeftoverPostgres({ cluster, log: options.log });
  if (options.port !== undefined && !(await isPortFree(options.port))) {
    throw new HooklineError('stack.portTaken', { got: `port ${options.port}`, where: 'the embedded PostgreSQL' });
  }
  return persist(async () => {
    const port = options.port ?? (await freePort());
    const url = `postgres://${POSTGRES_ROLE}:${password}@127.0.0.1:${port}/postgres`;
    const server = await launchPostgres({ cluster, port, url, postgres, user, logFile, env });
    options.log.info({ component: 'postgres', pid: server.pid, port }, 'PostgreSQL is ready');
    return { url, port, ...toHandle({ server, log: options.log }) };
  });
}

/**
 * Launches again for a few seconds where the cause passes by itself: workers of a killed server that have not noticed its
 * death yet, or a free port that somebody else has taken meanwhile.
 */
async function persist<Result>(launch: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await launch();
    } catch (error) {
      const passing = error instanceof HooklineError && /pre-existing shared memory block|could not bind/.test(error.message);
      if (!passing || tries === LAUNCH_TRIES) throw error;
      await sleep(LAUNCH_PAUSE_MS);
    }
  }
}

function toHandle({ server, log }: { readonly server: ChildProcess; readonly log: Log }): Pick<EmbeddedPostgres, 'pid' | 'died' | 'close'> {
  const pid = server.pid ?? 0;
  let closing = false;
  const died = new Promise<void>((tell) => {
    server.once('exit', () => {
      if (closing) return;
      log.error({ component: 'postgres', pid }, 'PostgreSQL has ended by itself');
      tell();
    });
  });
  return {
    pid,
    died,
    close() {
      closing = true;
      return stopPostgres(server);
    },
  };
}
