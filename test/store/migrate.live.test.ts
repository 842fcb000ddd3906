import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

describe('migrate', () => {
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await createDatabase();
    folder = await mkdtemp(join(tmpdir(), 'hookline-migrations-'));
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const files = async (sql: Readonly<Record<string, string>>): Promise<URL> => {
    const at = await mkdtemp(join(folder, 'case-'));
    for (const [name, text] of Object.entries(sql)) await writeFile(join(at, name), text);
    return pathToFileURL(`${at}/`);
  };

  test('changes nothing where the schema is up to date', async () => {
    expect(await migrate({ pool: database.pool, log: silentLog })).toEqual([]);
  });

  test('applies each file once when several processes start together', async () => {
    const at = await files({ '9001-second.sql': 'CREATE TABLE second (id int)', 'notes.txt': 'not SQL' });
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate({ pool: database.pool, log: silentLog, folder: at })));
    expect(applied.flat()).toEqual([9001]);
  });

  test('leaves everything as it was when a file fails', async () => {
    const at = await files({
      '9001-second.sql': '',
      '9002-third.sql': 'CREATE TABLE third (id int)',
      '9003-wrong.sql': 'CREATE TABEL fourth (id int)',
    });
    await expect(migrate({ pool: database.pool, log: silentLog, folder: at })).rejects.toThrow('syntax error');
    const { rows } = await database.pool.query<{ readonly there: boolean }>({
      name: 'test.third',
      text: "SELECT to_regclass('third') IS NOT NULL AS there",
    });
    expect(rows).toEqual([{ there: false }]);
  });

  test('refuses a schema that is newer than the code', async () => {
    const at = await files({ '0001-first.sql': '' });
    await expect(migrate({ pool: database.pool, log: silentLog, folder: at })).rejects.toMatchObject({ code: 'postgres.schemaNewer' });
  });
});
