import { readdir, readFile } from 'node:fs/promises';
import type { ProcessSample } from './facts.ts';

/** Looks at processes again and again, until it is closed. */
export interface Watch {
  readonly samples: readonly ProcessSample[];
  close(): void;
}

/** Options of `watchProcesses`. */
export interface WatchOptions {
  /** Those that run now. */
  readonly pids: () => readonly { readonly name: string; readonly pid: number }[];
  readonly everyMs: number;
}

/**
 * Reads resident memory and open file descriptors of each process from `/proc`; so on Linux only, where nothing else is needed for it.
 * A process that has just ended has no sample.
 */
export function watchProcesses({ pids, everyMs }: WatchOptions): Watch {
  const samples: ProcessSample[] = [];
  const startedAt = performance.now();
  const look = async (): Promise<void> => {
    const atS = Math.round((performance.now() - startedAt) / 1_000);
    const seen = await Promise.all(pids().map(async ({ name, pid }) => ({ name, found: await read(pid) })));
    for (const { name, found } of seen) if (found !== undefined) samples.push({ process: name, atS, ...found });
  };
  const timer = setInterval(() => void look(), everyMs);
  return { samples, close: () => clearInterval(timer) };
}

async function read(pid: number): Promise<Pick<ProcessSample, 'rssMb' | 'fds'> | undefined> {
  try {
    const [status, fds] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)]);
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kb === undefined ? undefined : { rssMb: Math.round(Number(kb) / 102.4) / 10, fds: fds.length };
  } catch {
    return undefined; // it has ended
  }
}
