import { spawnSync } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How to run a program of PostgreSQL, which refuses to run as root. */
export interface PostgresUser {
  /** The program and arguments to spawn in place of the given ones. */
  command(file: string, args: readonly string[]): { readonly file: string; readonly args: readonly string[] };
  /** Options of `spawn`. */
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Gives a folder and all below it to the user. */
  own(folder: string): Promise<void>;
}

const NAMESPACE = ['--user', '--map-user=1000', '--map-group=1000', '--'];
const NOBODY = 65_534;

/**
 * Chooses the user that PostgreSQL runs as. An ordinary user runs it as themselves. For root it is root seen as uid 1000
 * in a user namespace, which also works below folders that no other user can enter; where the kernel refuses namespaces, it
 * is the user who called sudo, else `nobody`, who must be able to reach the folder and the programs. A cluster that exists
 * already keeps its owner.
 */
export async function choosePostgresUser(options: {
  readonly folder: string;
  readonly cluster: string;
  readonly postgres: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<PostgresUser> {
  const uid = process.getuid?.();
  if (uid !== 0) return asIs();
  const owner = await ownerOf(options.cluster);
  if (owner !== undefined && owner.uid !== 0) return asOther(owner);
  if (namespaceWorks(options)) return asIs('unshare');
  return asOther({ uid: numberIn(options.env['SUDO_UID']) ?? NOBODY, gid: numberIn(options.env['SUDO_GID']) ?? NOBODY });
}

function asIs(through?: 'unshare'): PostgresUser {
  return {
    // without --fork `unshare` becomes the program, so that the child's pid is PostgreSQL's
    command: (file, args) => (through === undefined ? { file, args } : { file: through, args: [...NAMESPACE, file, ...args] }),
    identity: {},
    own: () => Promise.resolve(),
  };
}

function asOther({ uid, gid }: { readonly uid: number; readonly gid: number }): PostgresUser {
  return { command: (file, args) => ({ file, args }), identity: { uid, gid }, own: (folder) => giveTo(folder, { uid, gid }) };
}

async function giveTo(path: string, user: { readonly uid: number; readonly gid: number }): Promise<void> {
  await chown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await giveTo(child, user);
    else if (entry.isFile()) await chown(child, user.uid, user.gid);
  }
}

async function ownerOf(path: string): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  try {
    const { uid, gid } = await lstat(path);
    return { uid, gid };
  } catch {
    return undefined; // no cluster yet
  }
}

function namespaceWorks({ folder, postgres }: { readonly folder: string; readonly postgres: string }): boolean {
  const runs = (file: string, args: readonly string[]): boolean =>
    spawnSync('unshare', [...NAMESPACE, file, ...args], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return runs(postgres, ['--version']) && runs('test', ['-w', folder]);
}

function numberIn(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
