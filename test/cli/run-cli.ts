import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processStartTime } from '../../src/runtime/pid-file.ts';

const CLI = fileURLToPath(new URL('../../src/cli/hookline.ts', import.meta.url));
/** Servers and colours of whoever runs the tests are not those of the commands under test. */
const FOREIGN = new Set([
  'HOOKLINE_API',
  'HOOKLINE_TOKEN',
  'DATABASE_URL',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'FORCE_COLOR',
  'NO_COLOR',
]);

/** How a command has ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command is called. */
export interface CliPlace {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that goes on. */
export interface RunningCli {
  readonly pid: number;
  /** The first line on stdout; rejects where the command ends without one. */
  readonly firstLine: Promise<string>;
  /** Resolves once stderr holds a text. */
  said(text: string): Promise<void>;
  /** Resolves once stdout holds a text. */
  out(text: string): Promise<void>;
  readonly ended: Promise<CliResult>;
  /** Sends a signal to the command alone, and resolves with how it has ended. */
  signal(name: NodeJS.Signals): Promise<CliResult>;
}

/** Calls `hookline` as a shell would, without a terminal, and waits for its end. */
export function runCli(args: readonly string[], place: CliPlace): Promise<CliResult> {
  return startCli(args, place).ended;
}

/** Calls `hookline` and lets it go on. */
export function startCli(args: readonly string[], { cwd, env = {} }: CliPlace): RunningCli {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.has(name)));
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args], { cwd, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]): CliResult => ({ code: typeof code === 'number' ? code : null, stdout, stderr }));
  const until = async (holds: () => boolean): Promise<void> => {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', () => child.emit('said'));
    while (!holds()) {
      const how = await Promise.race([once(child, 'said'), ended]);
      if (!Array.isArray(how) && !holds()) throw new Error(`hookline ${args.join(' ')} ended with ${String(how.code)}: ${stderr}`);
    }
  };
  const firstLine = until(() => stdout.includes('\n')).then(() => stdout.split('\n', 1)[0] ?? '');
  firstLine.catch(() => undefined); // whoever needs the line awaits it
  return {
    pid: child.pid ?? 0,
    firstLine,
    said: (text) => until(() => stderr.includes(text)),
    out: (text) => until(() => stdout.includes(text)),
    ended,
    signal: (name) => {
      child.kill(name);
      return ended;
    },
  };
}

/** A process, told apart from a later one with the same pid. */
export interface SeenProcess {
  readonly pid: number;
  readonly startTime: string;
}

/** A process and all that it has started. */
export async function processTree(root: number): Promise<readonly SeenProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const pids = [root];
  for (const parent of pids) pids.push(...parents.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : [])));
  const seen = await Promise.all(pids.map(async (pid) => ({ pid, startTime: await processStartTime(pid) })));
  return seen.flatMap(({ pid, startTime }) => (startTime === null ? [] : [{ pid, startTime }]));
}

/** Those of the processes that still run, after they have had a moment to end. */
export async function survivorsOf(processes: readonly SeenProcess[], patienceMs = 3_000): Promise<readonly SeenProcess[]> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const times = await Promise.all(processes.map(({ pid }) => processStartTime(pid)));
    const alive = processes.filter(({ startTime }, index) => times[index] === startTime);
    if (alive.length === 0 || waitedMs >= patienceMs) return alive;
    await sleep(50); // nobody tells when a process that is not a child of ours ends
  }
}

/** The JSON lines of a stdout. */
export function linesOf(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>); // commands print objects
}
