import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const POLL_MS = 20;
/** How long the kernel may take to end a process after SIGKILL, before we say that it will not end. */
const KILL_GRACE_MS = 5_000;

/** A process as it was recorded when it started. */
export interface PidRecord {
  readonly pid: number;
  /** When the process started, in the words of this machine; a recycled pid has another. */
  readonly startTime: string;
  /** What it is: `temporal`, `postgres`, `up`. */
  readonly name: string;
  /** What else the next start wants to know: ports, URLs. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** How a leftover is stopped. */
export interface StopLeftoverOptions {
  /** What asks it to end. @default SIGTERM */
  readonly signal?: NodeJS.Signals;
  /** How long it gets before SIGKILL. @default 5,000 */
  readonly timeoutMs?: number;
}

/** Records a running process, whole or not at all, readable by its owner only. Throws where the process is not running. */
export async function writePidFile(
  path: string,
  process: { readonly pid: number; readonly name: string; readonly facts?: PidRecord['facts'] },
): Promise<PidRecord> {
  const startTime = await processStartTime(process.pid);
  if (startTime === null) throw new Error(`process ${process.pid} (${process.name}) is not running`);
  const record: PidRecord = { pid: process.pid, startTime, name: process.name, facts: process.facts ?? {} };
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return record;
}

/** The recorded process if that very process is running now; null where there is no file, no such process, or a stranger with its pid. */
export async function readLive(path: string): Promise<PidRecord | null> {
  const record = await readRecord(path);
  if (record === null) return null;
  return (await processStartTime(record.pid)) === record.startTime ? record : null;
}

/**
 * Ends what an earlier start has left running, and removes its file: first the signal, then SIGKILL. Never signals a
 * process other than the recorded one. Returns what was stopped, or null where nothing was left.
 */
export async function stopLeftover(
  path: string,
  { signal = 'SIGTERM', timeoutMs = 5_000 }: StopLeftoverOptions = {},
): Promise<PidRecord | null> {
  const record = await readLive(path);
  if (record !== null) {
    send(record.pid, signal);
    if (!(await hasEnded(record, timeoutMs))) {
      send(record.pid, 'SIGKILL');
      if (!(await hasEnded(record, KILL_GRACE_MS))) throw new Error(`process ${record.pid} (${record.name}) does not end`);
    }
  }
  await rm(path, { force: true });
  return record;
}

/**
 * When a process started, or null where it does not run (a zombie does not). On Linux boot id and clock ticks since boot,
 * which no other process of this boot with this pid can share; elsewhere what `ps` says, to the second.
 */
export async function processStartTime(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? startTimeOfProc(pid) : startTimeOfPs(pid);
}

async function startTimeOfProc(pid: number): Promise<string | null> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // ENOENT, or ESRCH when it ends while it is read
  }
  // The second field is the command in parentheses and may hold spaces and parentheses itself (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || ticks === undefined) return null;
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  return `${bootId.trim()}:${ticks}`;
}

async function startTimeOfPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    const [state = '', ...started] = stdout.trim().split(/\s+/);
    return started.length === 0 || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null; // ps exits with 1 where there is no such process
  }
}

async function readRecord(path: string): Promise<PidRecord | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return toRecord(text);
}

/** Null for anything that is not wholly a record: such a file names no process that we could know again. */
function toRecord(text: string): PidRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { pid, startTime, name, facts } = value as Partial<Record<keyof PidRecord, unknown>>; // fields are checked below
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1 || typeof startTime !== 'string' || typeof name !== 'string')
    return null;
  return { pid, startTime, name, facts: typeof facts === 'object' && facts !== null ? (facts as PidRecord['facts']) : {} }; // written by us
}

async function hasEnded(record: PidRecord, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    if ((await processStartTime(record.pid)) !== record.startTime) return true;
    if (waitedMs >= timeoutMs) return false;
    await sleep(POLL_MS);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
