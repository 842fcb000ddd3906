import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/cli/hookline.ts', import.meta.url));

/** One line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

/** A real Hookline process of its own. */
export interface HooklineProcess {
  readonly pid: number;
  /** The port of an ingress. */
  readonly port: number;
  readonly lines: readonly LogLine[];
  /** Ends it at once, as a power cut of its machine would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, and resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `hookline <command>` and resolves when it says that it is ready. */
export async function startHookline(
  command: 'ingress' | 'worker' | 'admin',
  {
    config,
    env,
    cli = CLI,
    maxFiles,
  }: {
    readonly config: string;
    readonly env: Readonly<Record<string, string>>;
    readonly cli?: string | undefined;
    /** How many files it may have open. @default what this process may */
    readonly maxFiles?: number | undefined;
  },
): Promise<HooklineProcess> {
  // both limits, since Node raises the soft one to the hard one
  const limited = maxFiles === undefined ? 'exec "$0" "$@"' : `ulimit -n ${maxFiles} && exec "$0" "$@"`;
  const child: ChildProcess = spawn('/bin/sh', ['-c', limited, process.execPath, cli, command, '--config', config], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const gone = once(child, 'exit');
  const ready = new Promise<LogLine>((resolve, reject) => {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (text) => {
      const line = JSON.parse(text) as LogLine; // the log is JSON lines
      lines.push(line);
      if (line.msg === 'ready') resolve(line);
    });
    void gone.then(([code]) =>
      reject(new Error(`hookline ${command} ended with ${String(code)}: ${errors}${JSON.stringify(lines.slice(-5))}`)),
    );
  });
  ready.catch(() => undefined); // awaited below; an end after it is no failure
  const { port } = await ready;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    await gone;
    return child.exitCode;
  };
  return {
    pid: child.pid ?? 0,
    port: typeof port === 'number' ? port : 0,
    lines,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
