import { readdir, readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second, whatever the kernel's own clock (`getconf CLK_TCK`). */
const TICK_MS = 10;

/**
 * Time on the processor of process trees since their beginning, in milliseconds: user and system, of all threads, of children that have
 * ended too. Undefined where there is no `/proc`.
 */
export async function readCpuMs(roots: readonly number[]): Promise<number | undefined> {
  const processes = await readProcesses();
  if (processes === undefined) return undefined;
  const wanted = new Set(roots);
  for (let known = -1; known !== wanted.size;) {
    known = wanted.size;
    for (const { pid, parent } of processes) if (wanted.has(parent)) wanted.add(pid);
  }
  return processes.filter(({ pid }) => wanted.has(pid)).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Resident memory of process trees is not asked here: `/proc/<pid>/status` tells it for one process. */
export async function readResidentMb(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

async function readProcesses(): Promise<readonly ProcessFacts[] | undefined> {
  const names = await readdir('/proc').catch(() => undefined);
  if (names === undefined) return undefined;
  const texts = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')),
  );
  return texts.filter((text) => text !== '').map(toFacts);
}

/** proc_pid_stat(5): the name stands in brackets and may hold anything. */
function toFacts(text: string): ProcessFacts {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0); // utime, stime, cutime, cstime
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
}
