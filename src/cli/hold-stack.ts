import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { readLive, writePidFile } from '../runtime/pid-file.ts';
import { startStackDatabase } from '../runtime/stack-servers.ts';
import { UP_PID_FILE } from '../runtime/stack-file.ts';
import { holdAtStart } from './hold-at-start.ts';

/**
 * Holds everything in the database of a stack that is about to be started. An embedded one is started for that and ended again, since
 * nothing else may be there yet: a stack's parts start side by side. Throws `stack.alreadyRunning` where one uses the folder.
 */
export async function holdStack({
  settings,
  log,
  onProgress,
}: {
  readonly settings: Settings;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
}): Promise<void> {
  const pidFile = join(settings.data, UP_PID_FILE);
  await mkdir(settings.data, { recursive: true, mode: 0o700 });
  const live = await readLive(pidFile);
  if (live !== null) throw new HooklineError('stack.alreadyRunning', { got: `process ${live.pid}`, where: settings.data });
  await writePidFile(pidFile, { pid: process.pid, name: 'up' });
  try {
    // of a server that ends by itself, the statements tell
    const database = await startStackDatabase({ settings, env: process.env, log, onProgress, onFailed: () => {} });
    try {
      await holdAtStart({ databaseUrl: database.url, wanted: true, log });
    } finally {
      await database.close();
    }
  } finally {
    await rm(pidFile, { force: true });
  }
}
