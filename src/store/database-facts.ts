import { newestMigration } from './migrate.ts';
import type { Pool } from './pool.ts';

/** What of a PostgreSQL matters to those who trust it with webhooks. */
export interface DatabaseFacts {
  /** As PostgreSQL writes it: `18.1`. */
  readonly version: string;
  /** `server_version_num`: 180001. */
  readonly versionNumber: number;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly fullPageWrites: string;
  /** PostgreSQL's clock at the moment of asking. */
  readonly now: Date;
  /** The newest migration of the database; 0 where there is none. */
  readonly schema: number;
  /** The newest that this code knows. */
  readonly newestSchema: number;
}

const FACTS = `
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
       current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS "synchronousCommit",
       current_setting('full_page_writes') AS "fullPageWrites", clock_timestamp() AS now, to_regclass('schema_migrations') IS NOT NULL AS migrated`;

/** Asks a PostgreSQL, migrated or not, for its facts. */
export async function readDatabaseFacts(pool: Pool): Promise<DatabaseFacts> {
  const { rows } = await pool.query<Omit<DatabaseFacts, 'schema' | 'newestSchema'> & { readonly migrated: boolean }>({
    name: 'databaseFacts.read',
    text: FACTS,
  });
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL has answered a SELECT without FROM with no row');
  const { migrated, ...facts } = row;
  return { ...facts, schema: migrated ? await readSchema(pool) : 0, newestSchema: await newestMigration() };
}

async function readSchema(pool: Pool): Promise<number> {
  const text = 'SELECT coalesce(max(version), 0)::int AS version FROM schema_migrations';
  return (await pool.query<{ readonly version: number }>({ name: 'databaseFacts.schema', text })).rows[0]?.version ?? 0;
}
