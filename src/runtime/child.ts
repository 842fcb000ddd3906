import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How much of a command's output is kept: its end says why it failed. */
const KEPT_CHARACTERS = 16_384;
/** How long a command gets between SIGTERM and SIGKILL. */
const STOP_MS = 2_000;

/** A command that runs to its end. */
export interface CommandOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
}

/** How a command ended. `reason` is one line and names the command. */
export type CommandResult =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly reason: string; readonly output: string };

/** Runs a command without a shell, and returns when it has ended; past the time limit or an abort it is stopped. Never throws. */
export async function runCommand({ command, args, env, timeoutMs, cwd, signal }: CommandOptions): Promise<CommandResult> {
  const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  let output = '';
  const keep = (chunk: string): void => {
    output = (output + chunk).slice(-KEPT_CHARACTERS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  const stop = (): void => void stopChild(child, { timeoutMs: STOP_MS });
  limit.addEventListener('abort', stop, { once: true });
  if (limit.aborted) stop();
  try {
    const [code, killedBy] = await ended(child);
    if (code === 0 && !limit.aborted) return { ok: true, output };
    const how =
      signal?.aborted === true
        ? 'was cancelled'
        : limit.aborted
          ? `took longer than ${timeoutMs / 1000} s`
          : `ended with ${code ?? killedBy}${lastLine(output)}`;
    return { ok: false, reason: `\`${command}\` ${how}`, output };
  } catch (error) {
    return {
      ok: false,
      reason: `\`${command}\` could not be run (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`,
      output,
    };
  } finally {
    limit.removeEventListener('abort', stop);
  }
}

/** Ends a child and returns when it is gone: first the signal, past the time limit SIGKILL. A child that has ended is left alone. */
export async function stopChild(
  child: ChildProcess,
  { signal = 'SIGTERM', timeoutMs }: { readonly signal?: NodeJS.Signals; readonly timeoutMs: number },
): Promise<void> {
  if (child.pid === undefined || hasExited(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  await gone;
  clearTimeout(hard);
}

/** Tells whether a child has ended, by itself or by a signal. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<readonly [code: number | null, signal: NodeJS.Signals | null]> {
  // `close` and not `exit`: by then all output has been read. `once` rejects on the child's `error`.
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]; // Node's documented arguments of `close`
  return [code, signal];
}

function lastLine(output: string): string {
  const line = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}
