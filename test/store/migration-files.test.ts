import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/store/migration-files.ts';

const OWN = new URL('../../src/store/migrations/', import.meta.url);

/** SHA-256 of every file that some database may have had applied: such a file is never edited. Add yours when it is released. */
const RELEASED = {
  '0001-first.sql': '0023b452b3e73a1899076fa49068c52eb05ff60415a12380f39fb4a183c89eae',
  '0002-same-body.sql': '41fe0975e4d9fd26fde9df3e8e121533b3769d45e8452b5488a755dca60abdf7',
  '0003-payments-and-customers.sql': '57c2214e28836683ddcfaae778b5c4dfef96f5eaaa8dde3c6dec9a34c6e29789',
  '0004-tickets-and-segments.sql': '69e0b1e167a26b39e86ad8f4660f76795ee0c09de13d6d3e61dea4bd79f76c3f',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (file: string, sql: string) => {
  writeFileSync(join(folder, file), sql);
  return readMigrations(pathToFileURL(`${folder}/`));
};

describe('the migrations of the product', () => {
  it('are numbered without a gap', async () => {
    const versions = (await readMigrations(OWN)).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_version, index) => index + 1));
  });

  it('are not edited once they were released', async () => {
    const hashes = (await readMigrations(OWN)).map(({ file, sql }) => [file, createHash('sha256').update(sql).digest('hex')]);
    expect(Object.fromEntries(hashes)).toMatchObject(RELEASED);
  });
});

describe('readMigrations', () => {
  it('reads files by version, and leaves other names alone', async () => {
    writeFileSync(join(folder, '0002-second.sql'), '');
    writeFileSync(join(folder, 'notes.txt'), '');
    const found = await read('0001-first.sql', 'CREATE TABLE first ()');
    expect(found.map(({ version, file }) => [version, file])).toEqual([
      [1, '0001-first.sql'],
      [2, '0002-second.sql'],
    ]);
    expect(found[0]).toMatchObject({ sql: 'CREATE TABLE first ()', additive: false, index: null });
  });

  it('reads marks from lines of their own only', async () => {
    expect(await read('0001-first.sql', '-- additive\nCREATE TABLE first ()')).toMatchObject([{ additive: true, index: null }]);
    expect(await read('0001-first.sql', '-- this is not additive\nSELECT 1 -- concurrently')).toMatchObject([
      { additive: false, index: null },
    ]);
  });

  it.each(['CREATE INDEX CONCURRENTLY a_b ON t (x);', 'CREATE UNIQUE INDEX CONCURRENTLY a_b\n  ON t (x) -- why\n  WHERE x > 1'])(
    'takes %j as an index that is built concurrently',
    async (sql) => {
      expect(await read('0001-first.sql', `-- concurrently\n${sql}\n`)).toMatchObject([{ index: 'a_b' }]);
    },
  );

  it.each([
    'CREATE INDEX a_b ON t (x)',
    'CREATE INDEX CONCURRENTLY IF NOT EXISTS a_b ON t (x)',
    'CREATE INDEX CONCURRENTLY ON t (x)',
    'CREATE INDEX CONCURRENTLY a_b ON t (x); CREATE INDEX CONCURRENTLY b ON t (y)',
    'ALTER TABLE t ADD COLUMN x int',
    '',
  ])('refuses %j where an index is to be built concurrently', async (sql) => {
    await expect(read('0001-first.sql', `-- concurrently\n${sql}\n`)).rejects.toThrow(
      'bug.unexpected: expected one statement `CREATE INDEX CONCURRENTLY <name> ON …` and no other, in 0001-first.sql',
    );
  });
});
