import { spawnSync } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';

const PID_FILE = 'postmaster.pid';
const FAST_SHUTDOWN_MS = 10_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
const POLL_MS = 25;

/**
 * Stops a PostgreSQL that an earlier process has left running on this cluster. Only a process that really works on the
 * cluster is signalled: pids are reused. A pid file that names a stranger is removed, since PostgreSQL would believe it.
 */
export async function stopLeftoverPostgres({ cluster, log }: { readonly cluster: string; readonly log: Log }): Promise<void> {
  const pid = await leftoverPid(cluster);
  if (pid === undefined) return;
  if (!(await isServerOf(pid, cluster))) return rm(join(cluster, PID_FILE), { force: true });
  log.warn({ component: 'postgres', pid }, 'stopping the PostgreSQL that an earlier process left running');
  process.kill(pid, 'SIGINT');
  if (await isGone({ pid, cluster, withinMs: FAST_SHUTDOWN_MS })) return;
  process.kill(pid, 'SIGQUIT');
  if (await isGone({ pid, cluster, withinMs: IMMEDIATE_SHUTDOWN_MS })) return;
  throw new HooklineError('postgres.startFailed', { got: `process ${pid}, which holds the cluster and does not stop`, where: cluster });
}

async function leftoverPid(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, PID_FILE), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

async function isGone({
  pid,
  cluster,
  withinMs,
}: {
  readonly pid: number;
  readonly cluster: string;
  readonly withinMs: number;
}): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += POLL_MS) {
    if (!(await isServerOf(pid, cluster))) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** A server's working directory is its cluster; a zombie has none, so one that nobody reaps counts as gone. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd !== undefined && cwd === (await realpath(cluster));
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes(cluster);
}
