import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the project stands. */
export const ROOT = join(import.meta.dirname, '../..');

/** One text of one file, and what stands in its place. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Copies the sources into a folder, with a patch applied; it can be run there. A text that stands not just once in its file is an error. */
export async function makePatchedCopy(folder: string, patch: Patch): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, patch.file);
  await writeFile(path, applyPatch(await readFile(path, 'utf8'), patch));
}

/** The text with the patch applied. */
export function applyPatch(text: string, { file, from, to }: Patch): string {
  const pieces = text.split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times \`${from}\`: see scripts/drill/mutants.ts`);
  return pieces.join(to);
}
