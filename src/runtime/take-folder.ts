import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../contracts/errors.ts';
import { readLive, writePidFile } from './pid-file.ts';
import { removeStackFile, UP_PID_FILE } from './stack-file.ts';

/** Taking takes milliseconds; a turn that is older was left by a process which has ended in the middle of it. */
const TURN_MS = 5_000;
const POLL_MS = 20;

/** Makes the data folder and holds it until it is closed: one `up` a folder. Throws `stack.alreadyRunning` where another has it. */
export async function takeFolder(dataDir: string): Promise<{ close(): Promise<void> }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDir, UP_PID_FILE);
  await inTurn(`${pidFile}.turn`, async () => {
    const other = await readLive(pidFile);
    if (other !== null) throw new HooklineError('stack.alreadyRunning', { got: `process ${other.pid}`, where: dataDir });
    await writePidFile(pidFile, { pid: process.pid, name: 'up' });
  });
  return {
    async close() {
      await removeStackFile(dataDir);
      await rm(pidFile, { force: true });
    },
  };
}

/** Two that start in one moment must not both find the folder free: only one at a time looks and writes. */
async function inTurn(turn: string, work: () => Promise<void>): Promise<void> {
  while (!(await makeFolder(turn))) {
    const since = await stat(turn).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined, // it has just been given back
    );
    if (since !== undefined && Date.now() - since > TURN_MS) await rm(turn, { recursive: true, force: true });
    else await sleep(POLL_MS);
  }
  try {
    await work();
  } finally {
    await rmdir(turn);
  }
}

/** Makes a folder; false where there is one. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
