import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sdk from '@temporalio/worker/package.json' with { type: 'json' };

const SOURCES = fileURLToPath(new URL('../', import.meta.url));

/** Every room that a chain may import from, its own included: what is no part of the bundle after all only has it built again. */
const ROOMS = ['contracts', 'events', 'entities', 'providers', 'store', 'activities', 'workflows'];

/**
 * The stamp of the workflow bundle that would be built now: SHA-256 over the sources of all rooms up to the workflows, and the
 * version of the SDK, which must be the worker's own. Some 10 ms.
 */
export async function toBundleStamp(sources: string = SOURCES): Promise<string> {
  const files = await Promise.all(ROOMS.map(async (room) => (await filesOf(join(sources, room))).map((file) => `${room}/${file}`)));
  const hash = createHash('sha256').update(JSON.stringify(sdk.version));
  for (const file of files.flat().toSorted()) {
    const content = await readFile(join(sources, file));
    hash.update(JSON.stringify([file, content.length])).update(content);
  }
  return hash.digest('hex');
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.map((file) => file.replaceAll('\\', '/')).filter((file) => /\.(?:ts|json)$/.test(file) && !file.endsWith('tsconfig.json'));
}
