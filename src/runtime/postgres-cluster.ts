import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { postgresEnvironment } from './postgres-environment.ts';
import { logBytes, startFailed, withPostgresLog } from './postgres-log.ts';
import type { PostgresUser } from './postgres-user.ts';

/** The one role of the embedded PostgreSQL. */
export const POSTGRES_ROLE = 'hookline';

/** Reads the password of the role, or makes it: 32 random bytes in a file that only its owner can read. */
export async function loadPostgresPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const password = randomBytes(32).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true });
  return password;
}

/**
 * Makes the cluster if there is none: UTF-8, C locale, page checksums, passwords by SCRAM. It is made beside its place and
 * renamed, so that one that a crash has left half-made is never taken for a cluster.
 */
export async function ensurePostgresCluster(options: {
  readonly cluster: string;
  readonly passwordFile: string;
  readonly initdb: string;
  readonly user: PostgresUser;
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress: ((what: string) => void) | undefined;
}): Promise<void> {
  if (await exists(options.cluster)) return;
  options.onProgress?.('creating the PostgreSQL cluster');
  const unfinished = `${options.cluster}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await runInitdb({ ...options, pgdata: unfinished });
  await rename(unfinished, options.cluster);
  await syncFolder(dirname(options.cluster));
}

async function runInitdb(options: {
  readonly pgdata: string;
  readonly passwordFile: string;
  readonly initdb: string;
  readonly user: PostgresUser;
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
}): Promise<void> {
  const { pgdata, logFile, user } = options;
  const { file, args } = user.command(options.initdb, [
    `--pgdata=${pgdata}`,
    `--username=${POSTGRES_ROLE}`,
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ]);
  const from = await logBytes(logFile);
  await withPostgresLog(logFile, async (output) => {
    const child = spawn(file, args, {
      cwd: dirname(pgdata),
      env: postgresEnvironment(options.env),
      stdio: ['ignore', output.fd, output.fd],
      ...user.identity,
    });
    try {
      await once(child, 'exit');
    } catch (cause) {
      throw await startFailed({ got: `no way to run \`${file}\``, logFile, from, cause });
    }
    if (child.exitCode !== 0)
      throw await startFailed({ got: `\`initdb\` ended with ${child.exitCode ?? child.signalCode}`, logFile, from, fix: toFix(user) });
  });
}

/** PostgreSQL refuses root; the user who stands in may not get at the folder. */
function toFix({ identity: { uid } }: PostgresUser): string | undefined {
  return uid === undefined
    ? undefined
    : `run as an ordinary user, allow user namespaces, let user ${uid} reach the folder, or set \`DATABASE_URL\``;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
