import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { hasExited, runCommand, stopChild } from './child.ts';
import { findFreePort } from './free-port.ts';
import { stopLeftover, writePidFile } from './pid-file.ts';
import { createTemporalClient } from './temporal-client.ts';
import { toTemporalFlags } from './temporal-flags.ts';
import { ensureNamespace } from './temporal-namespace.ts';
import { CLI_PATH, readTemporalVersion } from './temporal-version.ts';

const HOST = '127.0.0.1';
const READY_TIMEOUT_MS = 60_000; // a large database after a crash reads its log again
const POLL_MS = 20;
const CALL_TIMEOUT_MS = 1_000;
const STOP_TIMEOUT_MS = 5_000;
const LOG_LIMIT_BYTES = 10_000_000;
/** How often another free port is tried where somebody was quicker. */
const START_TRIES = 3;

/** Options of `startTemporal`. */
export interface StartTemporalOptions {
  /** Path of a CLI that works, as `findTemporalCli` gives it. */
  readonly cli: string;
  /** Folder of the server, made when missing: holds `temporal.db`, `temporal.log` and `temporal.pid`. The caller holds its lock. */
  readonly dataDir: string;
  /** @default a free one */
  readonly port?: number | undefined;
  /** @default a free one */
  readonly uiPort?: number | undefined;
  /** Starts no UI. @default false */
  readonly headless?: boolean;
  /** @default `default` */
  readonly namespace?: string;
  /** The least time that closed runs are remembered. @default 7 */
  readonly retentionDays?: number;
  /** Lets the server skip time for runs that ask for it; tests only. @default false */
  readonly timeSkipping?: boolean;
  /** Server settings by their names, such as limits that it is to have; tests only. @default those of every development server */
  readonly dynamicConfig?: Readonly<Record<string, string>>;
  readonly log: Log;
  /** Told when the server ends without `close()`, with one line that says how. */
  readonly onExit?: (how: string) => void;
}

/** A running Temporal development server. */
export interface TemporalServer {
  readonly address: string;
  /** Null when headless. */
  readonly uiUrl: string | null;
  readonly pid: number;
  /** Of the server: `1.32.0`. */
  readonly version: string;
  /** Ends the server: SIGTERM, after 5 s SIGKILL. Nothing that it acknowledged is lost. */
  close(): Promise<void>;
}

/** Stops the server that a killed process has left running on a data folder, so that its ports are free. */
export async function stopTemporalLeftover({ dataDir, log }: { readonly dataDir: string; readonly log: Log }): Promise<void> {
  const leftover = await stopLeftover(pidFile(dataDir), { timeoutMs: STOP_TIMEOUT_MS });
  if (leftover !== null)
    log.warn({ component: 'temporal', pid: leftover.pid }, 'stopped the Temporal server that an earlier process left running');
}

/**
 * Starts a tuned Temporal development server on loopback and resolves once it takes starts, with retention and search
 * attributes in place. What was acknowledged survives an end of the process. A server that an earlier process has left on
 * the folder is stopped first. Needs no internet and no home folder. Throws `stack.portTaken` for a given port that is
 * taken, else `temporal.startFailed`.
 */
export async function startTemporal(options: StartTemporalOptions): Promise<TemporalServer> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const leftover = await stopLeftover(pidFile(dataDir), { timeoutMs: STOP_TIMEOUT_MS });
  if (leftover !== null)
    options.log.warn({ component: 'temporal', pid: leftover.pid }, 'stopped the Temporal server that an earlier process left running');

  const version = await readTemporalVersion(options.cli);
  if (!version.ok) throw new HooklineError('temporal.startFailed', { got: version.reason });
  const { output: help } = await runCommand({
    command: options.cli,
    args: ['server', 'start-dev', '--help'],
    env: environment(dataDir),
    timeoutMs: 10_000,
  });

  for (let tries = 1; ; tries++) {
    const ports = await choosePorts(options);
    const launched = await launch({ options, dataDir, help, ...ports });
    if (launched.ok)
      return {
        address: `${HOST}:${ports.port}`,
        uiUrl: ports.uiPort === null ? null : `http://${HOST}:${ports.uiPort}`,
        version: version.server,
        ...launched.server,
      };
    if (!launched.portTaken || tries === START_TRIES) throw launched.error;
  }
}

interface Ports {
  readonly port: number;
  readonly uiPort: number | null;
}

async function choosePorts({ port, uiPort, headless = false }: StartTemporalOptions): Promise<Ports> {
  const chosen = await findFreePort({ host: HOST, preferred: port, strict: true });
  if (headless) return { port: chosen, uiPort: null };
  return { port: chosen, uiPort: await findFreePort({ host: HOST, preferred: uiPort, strict: true, except: new Set([chosen]) }) };
}

type Launched =
  | { readonly ok: true; readonly server: Pick<TemporalServer, 'pid' | 'close'> }
  | { readonly ok: false; readonly portTaken: boolean; readonly error: HooklineError };

async function launch({
  options,
  dataDir,
  help,
  port,
  uiPort,
}: Ports & { readonly options: StartTemporalOptions; readonly dataDir: string; readonly help: string }): Promise<Launched> {
  const { cli, namespace = 'default', retentionDays = 7, timeSkipping = false, dynamicConfig, log } = options;
  const flags = toTemporalFlags({ port, uiPort, databaseFile: join(dataDir, 'temporal.db'), namespace, timeSkipping, dynamicConfig, help });
  const logFile = await openLog(join(dataDir, 'temporal.log'));
  const from = (await logFile.stat()).size;
  // A process group of its own: a Ctrl-C in the terminal must not end it before those who still use it are done.
  const child = spawn(cli, flags, { env: environment(dataDir), stdio: ['ignore', logFile.fd, logFile.fd], detached: true });
  child.on('error', () => {}); // a failed spawn has no pid, and is told below
  await logFile.close();
  if (child.pid === undefined)
    return { ok: false, portTaken: false, error: new HooklineError('temporal.startFailed', { got: `\`${cli}\` could not be run` }) };

  try {
    await writePidFile(pidFile(dataDir), { pid: child.pid, name: 'temporal', facts: { port, ...(uiPort === null ? {} : { uiPort }) } });
    await whenReady({ child, address: `${HOST}:${port}`, namespace, retentionDays });
  } catch (error) {
    await stopChild(child, { timeoutMs: STOP_TIMEOUT_MS });
    await rm(pidFile(dataDir), { force: true });
    const lastWords = await tailOf(join(dataDir, 'temporal.log'), from);
    return {
      ok: false,
      portTaken: lastWords.includes('address already in use'),
      error: new HooklineError('temporal.startFailed', {
        got: `${error instanceof Error ? error.message : String(error)}${lastWords}`,
        where: join(dataDir, 'temporal.log'),
        cause: error,
      }),
    };
  }
  log.info({ component: 'temporal', pid: child.pid, port }, 'Temporal is ready');
  return { ok: true, server: toHandle({ child, pid: child.pid, dataDir, options }) };
}

function toHandle({
  child,
  pid,
  dataDir,
  options,
}: {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly dataDir: string;
  readonly options: StartTemporalOptions;
}): Pick<TemporalServer, 'pid' | 'close'> {
  let closing = false;
  child.once('exit', (code, signal) => {
    if (closing) return;
    options.log.error({ component: 'temporal', pid, signal: signal ?? undefined, code: code ?? undefined }, 'Temporal has ended by itself');
    options.onExit?.(`ended with ${code ?? signal}`);
  });
  return {
    pid,
    async close() {
      closing = true;
      await stopChild(child, { timeoutMs: STOP_TIMEOUT_MS });
      await rm(pidFile(dataDir), { force: true });
    },
  };
}

/** Resolves once the server takes calls for the namespace; throws when it ends before, or takes too long. */
async function whenReady({
  child,
  address,
  namespace,
  retentionDays,
}: {
  readonly child: ChildProcess;
  readonly address: string;
  readonly namespace: string;
  readonly retentionDays: number;
}): Promise<void> {
  const { connection, close } = createTemporalClient({ address, namespace });
  try {
    for (const startedAt = performance.now(); ;) {
      if (hasExited(child)) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}`);
      try {
        await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => connection.workflowService.describeNamespace({ namespace }));
        break;
      } catch (error) {
        if (performance.now() - startedAt > READY_TIMEOUT_MS) throw error;
      }
      await sleep(POLL_MS);
    }
    await ensureNamespace({ connection, namespace, retentionDays });
    if (hasExited(child)) throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}`); // and another one has answered on its port
  } finally {
    await close();
  }
}

/** A home of its own: a `temporal.toml` in the user's would change what the CLI does, and there may be none. */
function environment(dataDir: string): Readonly<Record<string, string>> {
  return { PATH: CLI_PATH, HOME: dataDir, TMPDIR: dataDir };
}

async function openLog(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}

/** The last line that the server wrote since an offset, as the tail of a sentence. */
async function tailOf(path: string, from: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(size - from, 4_096)),
      position: Math.max(from, size - 4_096),
    });
    const line = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').at(-1) ?? '';
    return line === '' ? '' : `: ${line.slice(-500)}`;
  } finally {
    await file.close();
  }
}

function pidFile(dataDir: string): string {
  return join(dataDir, 'temporal.pid');
}
