import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { promisify } from 'node:util';
import type { RecordHead } from './to-record.ts';

/** Appends a record to a file of JSON lines, which is made where it is missing. */
export async function keepRecord(path: string, record: object): Promise<void> {
  await appendFile(path, `${JSON.stringify(record)}\n`);
}

/** The load of the machine over the last minute. */
export function readLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

/** Where a drill runs. */
export async function describePlace(root: string): Promise<Pick<RecordHead, 'commit' | 'node' | 'cores'>> {
  return { commit: await readCommit(root), node: process.versions.node, cores: availableParallelism() };
}

async function readCommit(root: string): Promise<string | null> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim();
  try {
    const commit = await git('rev-parse', '--short=12', 'HEAD');
    return (await git('status', '--porcelain', '--untracked-files=no')) === '' ? commit : `${commit}+`;
  } catch {
    return null; // no git, or no checkout of it
  }
}
