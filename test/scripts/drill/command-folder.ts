import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a folder of commands that are shell scripts, and gives an environment that finds these and nothing else. */
export async function makeCommands(folder: string, scripts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  return { PATH: folder };
}
