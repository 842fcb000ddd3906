import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { createPool } from '../../src/store/pool.ts';
import type { Pool } from '../../src/store/pool.ts';
import { silentLog } from './silent-log.ts';

/** A fresh, migrated database. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Ends the pool and drops the database, whoever is still connected to it. */
  close(): Promise<void>;
}

/** Makes a database of the caller's own on the live tests' server, or on another. */
export async function createDatabase(server: string = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = createPool({ url: url.href, applicationName: 'hookline-test', log: silentLog });
  await migrate({ pool, log: silentLog });
  return {
    url: url.href,
    pool,
    async close() {
      await pool.close();
      await asAdmin(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function asAdmin(server: string, sql: string): Promise<void> {
  const pool = createPool({ url: server, max: 1, applicationName: 'hookline-test', log: silentLog });
  try {
    await pool.session((session) => session.run(sql));
  } finally {
    await pool.close();
  }
}
