import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { applyMigration, type Patience } from './apply-migration.ts';
import { readMigrations, type Migration } from './migration-files.ts';
import { withMigrationLock } from './migration-lock.ts';
import type { Pool, Session } from './pool.ts';

/** Options of `migrate`. */
export interface MigrateOptions extends Patience {
  /** Needs one connection of it, to PostgreSQL itself: a pooler that shares connections by transaction loses the lock. */
  readonly pool: Pool;
  readonly log: Log;
  /** Folder of `NNNN-name.sql` files. @default the product's own */
  readonly folder?: URL | undefined;
}

const FOLDER = new URL('migrations/', import.meta.url);
/** How long one statement may go without an answer: an index of a large table, built concurrently. */
const ANSWER_MS = 24 * 60 * 60_000;

/**
 * Brings the schema up to this code's version, forward only, beside processes that go on working: each missing file in a transaction
 * of its own, which gives way to whoever holds a lock that it needs and tries again. A file that fails leaves nothing of itself,
 * and what was applied before it stays. Several processes may migrate at once: one works, the others wait. Resolves to the
 * versions that were applied.
 *
 * A schema that is newer than the code is refused with `postgres.schemaNewer`, unless every file that the code does not know is
 * marked `-- additive`: so a process of the version before can be started again in the middle of an upgrade.
 */
export async function migrate({ pool, log, folder = FOLDER, ...patience }: MigrateOptions): Promise<readonly number[]> {
  const migrations = await readMigrations(folder);
  const applied = await pool.session(
    (session) =>
      withMigrationLock({ session, log }, async () => {
        await ensureTable({ session, log, ...patience });
        const missing = await findMissing({ session, log, migrations });
        for (const migration of missing) await applyMigration({ session, log, migration, ...patience });
        return missing.map(({ version }) => version);
      }),
    { answerTimeoutMs: ANSWER_MS },
  );
  if (applied.length > 0) log.info({ component: 'postgres', count: applied.length }, 'migrated the schema');
  return applied;
}

/** The schema version that this code needs. */
export async function newestMigration(): Promise<number> {
  return (await readMigrations(FOLDER)).at(-1)?.version ?? 0;
}

/** The table of what was applied. Asked for before it is changed: even a change of nothing would wait for a running `pg_dump`. */
async function ensureTable({ session, log, ...patience }: Patience & { readonly session: Session; readonly log: Log }): Promise<void> {
  const { rows } = await session.query<{ readonly whole: boolean }>({
    name: 'migrate.hasTable',
    text: `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('schema_migrations') AND attname = 'additive' AND NOT attisdropped) AS whole`,
  });
  if (rows[0]?.whole === true) return;
  const sql = `
    CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    ALTER TABLE schema_migrations ADD COLUMN IF NOT EXISTS additive boolean NOT NULL DEFAULT false`;
  await applyMigration({
    session,
    log,
    migration: { version: null, file: 'schema_migrations', sql, additive: true, index: null },
    ...patience,
  });
}

async function findMissing({
  session,
  log,
  migrations,
}: {
  readonly session: Session;
  readonly log: Log;
  readonly migrations: readonly Migration[];
}): Promise<readonly Migration[]> {
  const { rows } = await session.query<{ readonly version: number; readonly additive: boolean }>({
    name: 'migrate.list',
    text: 'SELECT version, additive FROM schema_migrations ORDER BY version',
  });
  const newest = migrations.at(-1)?.version ?? 0;
  const unknown = rows.filter(({ version }) => version > newest);
  const last = unknown.at(-1);
  if (last !== undefined && unknown.some(({ additive }) => !additive))
    throw new HooklineError('postgres.schemaNewer', { expected: `schema ${newest} or older`, got: `schema ${last.version}` });
  if (last !== undefined)
    log.warn({ component: 'postgres', count: unknown.length }, 'the schema is newer than this code, which can work with it all the same');
  const done = new Set(rows.map(({ version }) => version));
  return migrations.filter(({ version }) => !done.has(version));
}
