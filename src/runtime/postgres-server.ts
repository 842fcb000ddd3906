import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresEnvironment } from './postgres-environment.ts';
import { logBytes, startFailed, withPostgresLog } from './postgres-log.ts';
import type { PostgresUser } from './postgres-user.ts';

const READY_MS = 120_000; // recovery after a crash reads the log again
const POLL_MS = 25;
const FAST_SHUTDOWN_MS = 5_000;

/** Starts a server on a cluster and resolves once it takes connections, or throws `postgres.startFailed` with its last words. */
export async function launchPostgres(options: {
  readonly cluster: string;
  readonly port: number;
  /** Where it will be reached, with the password. */
  readonly url: string;
  readonly postgres: string;
  readonly user: PostgresUser;
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<ChildProcess> {
  const { file, args } = options.user.command(options.postgres, ['-D', options.cluster, ...flags(options.port)]);
  const from = await logBytes(options.logFile);
  const server = await withPostgresLog(options.logFile, (output) => {
    const child = spawn(file, args, {
      cwd: options.cluster,
      env: postgresEnvironment(options.env),
      // its own group: a Ctrl-C in the terminal must not reach it before those who still write to it are done
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      ...options.user.identity,
    });
    child.on('error', () => {}); // a failed spawn has no pid; `ready` reports it
    return Promise.resolve(child);
  });
  try {
    await ready({ server, url: options.url, logFile: options.logFile, from });
    return server;
  } catch (error) {
    await stopPostgres(server);
    throw error;
  }
}

/** Ends a server: fast shutdown (open transactions are rolled back), an immediate one after 5 s. */
export async function stopPostgres(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  const impatience = setTimeout(() => server.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
  await ended;
  clearTimeout(impatience);
}

function flags(port: number): readonly string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '', // a socket's path may have 107 bytes only; ours can be deeper
    max_connections: 100,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '64MB',
    max_wal_size: '1GB',
    jit: 'off',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function ready(options: {
  readonly server: ChildProcess;
  readonly url: string;
  readonly logFile: string;
  readonly from: number;
}): Promise<void> {
  const { server, logFile, from } = options;
  const started = performance.now();
  for (;;) {
    if (hasEnded(server))
      throw await startFailed({ got: `the server ended with ${server.exitCode ?? server.signalCode ?? 'no process'}`, logFile, from });
    const cause = await connectOnce(options.url);
    if (cause === undefined) return;
    if (performance.now() - started > READY_MS)
      throw await startFailed({ got: `no connection within ${READY_MS / 1000} s`, logFile, from, cause });
    await sleep(POLL_MS);
  }
}

async function connectOnce(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // a connection that breaks after the test is of no use to anybody
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.end();
  }
}

function hasEnded(server: ChildProcess): boolean {
  return server.pid === undefined || server.exitCode !== null || server.signalCode !== null;
}
