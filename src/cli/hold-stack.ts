import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { startStackDatabase } from '../runtime/stack-servers.ts';
import { takeFolder } from '../runtime/take-folder.ts';
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
  const folder = await takeFolder(settings.data);
  try {
    // of a server that ends by itself, the statements tell
    const database = await startStackDatabase({ settings, env: process.env, log, onProgress, onFailed: () => {} });
    try {
      await holdAtStart({ databaseUrl: database.url, wanted: true, log });
    } finally {
      await database.close();
    }
  } finally {
    await folder.close();
  }
}
