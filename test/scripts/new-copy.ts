import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from './copy-of-sources.ts';

/** How a command has ended. */
export interface Ended {
  readonly code: number;
  /** Both streams, the one after the other. */
  readonly output: string;
}

/** A copy of the whole project, in which a test may write what it likes. */
export interface ProjectCopy {
  readonly root: string;
  /** Its own tools first on the path. */
  readonly env: Readonly<Record<string, string | undefined>>;
  run(command: string, ...args: readonly string[]): Promise<Ended>;
  remove(): Promise<void>;
}

/** What belongs to this checkout and not to the project, and what is linked in place of being copied. */
const LEFT_OUT = new Set(['node_modules', '.git', '.hookline', 'dist', 'coverage']);

/** Makes a copy as a fresh clone after `npm ci` would be: nothing compiled, no data. */
export async function copyProject(): Promise<ProjectCopy> {
  const root = await mkdtemp(join(tmpdir(), 'hookline-new-'));
  const files = (await readdir(ROOT)).filter((file) => !LEFT_OUT.has(file));
  await Promise.all(files.map((file) => cp(join(ROOT, file), join(root, file), { recursive: true })));
  await symlink(await realpath(join(ROOT, 'node_modules')), join(root, 'node_modules'));
  const { DATABASE_URL: _database, TEMPORAL_ADDRESS: _temporal, VITEST: _vitest, ...inherited } = process.env; // not those of whoever runs the tests
  const env = {
    ...inherited,
    PATH: [join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
  };
  return {
    root,
    env,
    run: (command, ...args) =>
      new Promise((resolve) => {
        execFile(command, args, { cwd: root, env, maxBuffer: 16 * 1024 ** 2 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 128;
          resolve({ code, output: stdout + stderr });
        });
      }),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
