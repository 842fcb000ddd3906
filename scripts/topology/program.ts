import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasExited, stopChild } from '../../src/runtime/child.ts';

/** A program of the topology that runs. */
export interface Program {
  readonly name: string;
  readonly pid: number;
  /** Stops it in its tracks (SIGSTOP): it keeps what it has, and does nothing. */
  pause(): void;
  /** Lets it go on, where it was paused. */
  resume(): void;
  /** Ends it at once, as a power cut of its machine would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and kills it when its time is over; resolves when it is gone. */
  close(): Promise<void>;
}

/** What a program is started with. */
export interface ProgramOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Both streams. */
  readonly logFile: string;
  /** Resolves to true once it can be used. */
  readonly isReady: () => Promise<boolean>;
  readonly readyMs: number;
  /** What compose waits before it kills. */
  readonly stopMs: number;
  readonly signal: AbortSignal;
  /** Told when it ends and nobody has asked it to. */
  readonly onDied: (error: Error) => void;
}

const POLL_MS = 100;

/** Starts a program in a group of its own, so that Ctrl-C reaches it in our order, and resolves once it is ready. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { name, command, args, env, cwd, logFile, stopMs, onDied } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const failed = once(child, 'error').then(([error]) => {
    throw new Error(`${name}: \`${command}\` could not be run`, { cause: error });
  });
  failed.catch(() => {}); // whoever waits below is told
  let ending = false;
  const end = (signal: NodeJS.Signals): Promise<void> => {
    ending = true;
    const ended = stopChild(child, { signal, timeoutMs: stopMs });
    child.kill('SIGCONT'); // one that is paused would never read the signal
    return ended;
  };
  child.once('exit', () => ending || onDied(new Error(`${name} has ended by itself; see ${logFile}`)));
  try {
    await Promise.race([failed, waitUntilReady(options, () => hasExited(child))]);
  } catch (error) {
    await end('SIGTERM');
    throw error;
  }
  return {
    name,
    pid: child.pid ?? 0,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    close: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function waitUntilReady({ name, logFile, isReady, readyMs, signal }: ProgramOptions, hasEnded: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!(await isReady())) {
    signal.throwIfAborted();
    if (hasEnded()) throw new Error(`${name} has ended by itself; see ${logFile}`);
    if (performance.now() - startedAt > readyMs) throw new Error(`${name} was not ready within ${readyMs / 1_000} s; see ${logFile}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Whether somebody listens at a port of loopback. */
export async function answersAt(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Whether an address answers with a status of 2xx. */
export async function isOkAt(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}
