import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HooklineError } from '../contracts/errors.ts';
import { readLive, writePidFile } from './pid-file.ts';
import { removeStackFile, UP_PID_FILE } from './stack-file.ts';

/** Makes the data folder and holds it until it is closed: one `up` a folder. Throws `stack.alreadyRunning` where another has it. */
export async function takeFolder(dataDir: string): Promise<{ close(): Promise<void> }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDir, UP_PID_FILE);
  const other = await readLive(pidFile);
  if (other !== null) throw new HooklineError('stack.alreadyRunning', { got: `process ${other.pid}`, where: dataDir });
  await writePidFile(pidFile, { pid: process.pid, name: 'up' });
  return {
    async close() {
      await removeStackFile(dataDir);
      await rm(pidFile, { force: true });
    },
  };
}
