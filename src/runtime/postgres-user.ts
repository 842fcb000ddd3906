import { spawnSync } from 'node:child_process';
import { chown, lstat, readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
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

const NOBODY = 65_534;
const USERS = '/etc/passwd';

/**
 * Chooses the user that PostgreSQL runs as: never root, and one that has a name, since `initdb` asks for it. An ordinary user
 * runs it as themselves. Root, and a user without a name (a container's `--user 1234`), is seen as a user with a name in a
 * namespace of its own, which also works below folders that no other user can enter. Where the kernel refuses namespaces to
 * root, it is the user who called sudo, else `nobody`, who must be able to reach the folder and the programs. A cluster that
 * exists already keeps its owner.
 */
export async function choosePostgresUser(options: {
  readonly folder: string;
  readonly cluster: string;
  readonly postgres: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<PostgresUser> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && hasName()) return asIs();
  const owner = await ownerOf(options.cluster);
  if (isRoot && owner !== undefined && owner.uid !== 0) return asOther(owner);
  const namespace = await toNamespace();
  if (namespaceWorks(namespace, options)) return asIs(namespace);
  if (!isRoot) return asIs();
  return asOther({ uid: numberIn(options.env['SUDO_UID']) ?? NOBODY, gid: numberIn(options.env['SUDO_GID']) ?? NOBODY });
}

function asIs(namespace?: readonly string[]): PostgresUser {
  return {
    // without --fork `unshare` becomes the program, so that the child's pid is PostgreSQL's
    command: (file, args) => (namespace === undefined ? { file, args } : { file: 'unshare', args: [...namespace, file, ...args] }),
    identity: {},
    own: () => Promise.resolve(),
  };
}

function asOther({ uid, gid }: { readonly uid: number; readonly gid: number }): PostgresUser {
  return { command: (file, args) => ({ file, args }), identity: { uid, gid }, own: (folder) => giveTo(folder, { uid, gid }) };
}

function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false; // no entry of the user database
  }
}

/** Which user it is does not matter: outside of the namespace, files and processes stay those of the user who we are. */
async function toNamespace(): Promise<readonly string[]> {
  const users = await readFile(USERS, 'utf8').catch(() => '');
  const uids = users.split('\n').flatMap((line) => numberIn(line.split(':')[2]) ?? []);
  const uid = uids.includes(1000) ? 1000 : (uids[0] ?? NOBODY);
  return ['--user', `--map-user=${uid}`, `--map-group=${uid}`, '--'];
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

function namespaceWorks(
  namespace: readonly string[],
  { folder, postgres }: { readonly folder: string; readonly postgres: string },
): boolean {
  const runs = (file: string, args: readonly string[]): boolean =>
    spawnSync('unshare', [...namespace, file, ...args], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return runs(postgres, ['--version']) && runs('test', ['-w', folder]);
}

function numberIn(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
