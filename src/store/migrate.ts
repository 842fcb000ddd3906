import { readdir, readFile } from 'node:fs/promises';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Pool, Session } from './pool.ts';
import { transaction } from './pool.ts';

/** Options of `migrate`. */
export interface MigrateOptions {
  readonly pool: Pool;
  readonly log: Log;
  /** Folder of `NNNN-name.sql` files. @default the product's own */
  readonly folder?: URL | undefined;
}

interface Migration {
  readonly version: number;
  readonly file: string;
}

const FOLDER = new URL('migrations/', import.meta.url);
const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;
const LOCK = 4_665_655_573; // any number that nobody else takes: "HOOKS" as a phone number
const TIMEOUT_MS = 10 * 60_000;

/**
 * Brings the schema up to this code's version: forward only, all missing files in one transaction, so that a failure leaves
 * everything as it was. Several processes may do it at once: one works, the others wait. A schema that is newer than the code
 * is refused with `postgres.schemaNewer`. Resolves to the versions that were applied.
 */
export async function migrate({ pool, log, folder = FOLDER }: MigrateOptions): Promise<readonly number[]> {
  const migrations = await listMigrations(folder);
  const applied = await transaction(
    pool,
    async (tx) => {
      const missing = await findMissing(tx, migrations);
      for (const migration of missing) await apply(tx, migration, folder);
      return missing.map(({ version }) => version);
    },
    { statementTimeoutMs: TIMEOUT_MS },
  );
  if (applied.length > 0) log.info({ component: 'postgres', count: applied.length }, 'migrated the schema');
  return applied;
}

/** The schema version that this code needs. */
export async function newestMigration(): Promise<number> {
  return (await listMigrations(FOLDER)).at(-1)?.version ?? 0;
}

async function listMigrations(folder: URL): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => FILE.test(file)).sort();
  return files.map((file) => ({ file, version: Number(FILE.exec(file)?.[1]) }));
}

async function findMissing(tx: Session, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  await tx.query({ name: 'migrate.lock', text: 'SELECT pg_advisory_xact_lock($1)', values: [LOCK] });
  await tx.query({
    name: 'migrate.table',
    text: 'CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
  });
  const { rows } = await tx.query<{ readonly version: number }>({ name: 'migrate.list', text: 'SELECT version FROM schema_migrations' });
  const done = new Set(rows.map(({ version }) => version));
  const newest = migrations.at(-1)?.version ?? 0;
  const unknown = Math.max(0, ...done);
  if (unknown > newest)
    throw new HooklineError('postgres.schemaNewer', { expected: `schema ${newest} or older`, got: `schema ${unknown}` });
  return migrations.filter(({ version }) => !done.has(version));
}

async function apply(tx: Session, { version, file }: Migration, folder: URL): Promise<void> {
  await tx.run(await readFile(new URL(file, folder), 'utf8'));
  await tx.query({
    name: 'migrate.record',
    text: 'INSERT INTO schema_migrations (version, file) VALUES ($1, $2)',
    values: [version, file],
  });
}
