import { cp, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultMutant } from './fault-row.ts';

/** A copy of the sources and their tests that can be patched again and again. */
export interface SuiteCopy {
  readonly root: string;
  /** Runs `use` while the guard is out of the copy. */
  withMutant<Result>(mutant: FaultMutant, use: () => Promise<Result>): Promise<Result>;
}

const FOLDERS = ['src', 'test', 'scripts', 'docs', 'examples', 'deploy'];
const FILES = /^(?:package|tsconfig|vitest|\.oxfmtrc|oxlint|knip|docker-compose|Dockerfile|README|CHANGELOG|CONTRIBUTING)/;

/** Copies a project into a folder, with its packages by a link; its tests can be run there. */
export async function makeSuiteCopy(project: string, folder: string): Promise<SuiteCopy> {
  await mkdir(folder, { recursive: true });
  for (const name of FOLDERS) await cp(join(project, name), join(folder, name), { recursive: true });
  for (const name of await readdir(project)) if (FILES.test(name)) await cp(join(project, name), join(folder, name));
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  return {
    root: folder,
    async withMutant({ file, find, replace }, use) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.split(find).join(replace));
      try {
        return await use();
      } finally {
        await writeFile(path, text);
      }
    },
  };
}

/** Throws for a mutant that cannot be made: its text stands not just once in its file. */
export async function requireMutant(project: string, { file, find }: FaultMutant): Promise<void> {
  const found = (await readFile(join(project, file), 'utf8')).split(find).length - 1;
  if (found !== 1) throw new Error(`${file} holds ${found} times, and not once: ${find}`);
}
