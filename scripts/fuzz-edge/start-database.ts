import { join } from 'node:path';

import type { Log } from '../../src/contracts/names.ts';
import { startPostgres } from '../../src/runtime/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool } from '../../src/store/pool.ts';

/** Starts a PostgreSQL of the run's own, with the product's schema. */
export async function startDatabase({
  folder,
  log,
}: {
  readonly folder: string;
  readonly log: Log;
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log });
  const pool = createPool({ url: postgres.url, max: 1, applicationName: 'hookline-fuzz', log });
  try {
    await migrate({ pool, log });
  } finally {
    await pool.close();
  }
  return postgres;
}
