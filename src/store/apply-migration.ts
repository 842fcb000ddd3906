import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Migration } from './migration-files.ts';
import type { Session } from './pool.ts';
import { toPostgresFailure } from './postgres-failure.ts';

/** How long a migration waits for others, and how often. */
export interface Patience {
  /**
   * How long a transaction waits for a lock at its first try, in milliseconds; the second waits twice as long, up to four times.
   * For as long everybody who comes after it waits too. @default 500: four times is more than PostgreSQL's `deadlock_timeout`
   * of 1 s, after which autovacuum gives way, and less than the inbox waits for a commit
   */
  readonly lockTimeoutMs?: number | undefined;
  /** At least so long between two tries, in milliseconds, and four times as long as the try was: those who have waited go on. @default 1,000 */
  readonly pauseMs?: number | undefined;
  /** After how long it gives up, in milliseconds. @default 10 minutes */
  readonly giveUpMs?: number | undefined;
}

/** Options of `applyMigration`. */
export interface ApplyOptions extends Patience {
  readonly session: Session;
  readonly log: Log;
  /** Without a version nothing is recorded. */
  readonly migration: Omit<Migration, 'version'> & { readonly version: number | null };
}

const MOST_TIMES = 4;
/** While a long transaction is in the way, a fifth of the webhooks waits, and none for longer than one try. */
const REST_TIMES = 4;
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

/**
 * Applies one file whole, and records it; nothing of it where it throws. A transaction that does not get a lock is rolled back and
 * tried again after a pause, and throws `postgres.migrationBlocked` in the end, with the oldest transaction, which is mostly
 * the one that is in the way. An index is built without a transaction; a half-built one that a failure has left is removed first.
 */
export async function applyMigration(options: ApplyOptions): Promise<void> {
  if (options.migration.index !== null) return buildIndex(options, options.migration.index);
  const { session, log, migration, lockTimeoutMs = 500, pauseMs = 1_000, giveUpMs = 10 * 60_000 } = options;
  const startedAt = performance.now();
  let told: number | undefined;
  for (let tries = 1; ; tries++) {
    const triedAt = performance.now();
    try {
      return await applyOnce(options, Math.min(tries, MOST_TIMES) * lockTimeoutMs);
    } catch (error) {
      if (toPostgresFailure(error) !== 'conflict') throw error;
      const triedMs = performance.now() - triedAt;
      const oldest = await findOldest(session);
      if (performance.now() - startedAt > giveUpMs)
        throw new HooklineError('postgres.migrationBlocked', {
          expected: `a lock within ${giveUpMs / 1_000} s`,
          got: oldest === undefined ? 'none' : `a transaction of process ${oldest.pid} (${oldest.name}), open for ${oldest.ageS} s`,
          where: migration.file,
          cause: error,
        });
      // once for each that is in the way
      if (told !== (oldest?.pid ?? 0))
        log.warn(
          { component: 'postgres', pid: oldest?.pid, duration_s: oldest?.ageS, cause: oldest?.name },
          'a migration waits for a lock; the oldest transaction is named',
        );
      told = oldest?.pid ?? 0;
      await sleep(Math.max(pauseMs, REST_TIMES * triedMs));
    }
  }
}

async function applyOnce({ session, migration }: ApplyOptions, lockTimeoutMs: number): Promise<void> {
  await session.run(`BEGIN; SET LOCAL lock_timeout = ${Math.trunc(lockTimeoutMs)}; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
  try {
    await session.run(migration.sql);
    await record(session, migration);
  } catch (error) {
    // a connection that cannot roll back is thrown away by its pool, and PostgreSQL rolls back by itself
    await session.run('ROLLBACK').catch(() => {});
    throw error;
  }
  await session.run('COMMIT');
}

async function buildIndex({ session, log, migration }: ApplyOptions, index: string): Promise<void> {
  const { rows } = await session.query<{ readonly valid: boolean }>({
    name: 'migrate.findIndex',
    text: 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)',
    values: [index],
  });
  const built = rows[0]?.valid;
  // its name is of our own file, by a pattern that holds letters, digits and `_` only
  if (built === false) await session.run(`DROP INDEX CONCURRENTLY ${index}`);
  if (built !== true) {
    log.info({ component: 'postgres', cause: index }, 'building an index beside running work');
    await session.run(migration.sql);
  }
  await record(session, migration);
}

async function record(session: Session, { version, file, additive }: ApplyOptions['migration']): Promise<void> {
  if (version === null) return;
  await session.query({
    name: 'migrate.record',
    text: 'INSERT INTO schema_migrations (version, file, additive) VALUES ($1, $2, $3)',
    values: [version, file, additive],
  });
}

interface OldestTransaction {
  readonly pid: number;
  readonly name: string;
  readonly ageS: number;
}

/** The oldest transaction of the database that our role may see. */
async function findOldest(session: Session): Promise<OldestTransaction | undefined> {
  const { rows } = await session.query<OldestTransaction>({
    name: 'migrate.oldest',
    text: `SELECT pid, coalesce(nullif(application_name, ''), backend_type) AS name, extract(epoch FROM clock_timestamp() - xact_start)::int AS "ageS"
           FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
           ORDER BY xact_start LIMIT 1`,
  });
  return rows[0];
}
