import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where the project stands. */
export const ROOT = join(import.meta.dirname, '../..');

/**
 * Compiles the rooms up to one of them in a copy of the sources, with files added to it: path → text. Gives what the compiler
 * says, one problem a line; empty where it has nothing to say.
 */
export async function compileCopy({
  room,
  files,
}: {
  readonly room: string;
  readonly files: ReadonlyMap<string, string>;
}): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'hookline-copy-'));
  try {
    await cp(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
    for (const file of ['tsconfig.base.json', 'package.json']) await cp(join(ROOT, file), join(copy, file));
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const [path, text] of files) await writeFile(join(copy, path), text);
    const compile = promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', `src/${room}`, '--pretty', 'false'], {
      cwd: copy,
      maxBuffer: 16 * 1024 ** 2,
    });
    return await compile.then(
      ({ stdout }) => stdout,
      (error: { readonly stdout: string }) => error.stdout, // it exits with 1 or 2 where it complains
    );
  } finally {
    await rm(copy, { recursive: true });
  }
}
