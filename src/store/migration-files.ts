import { readdir, readFile } from 'node:fs/promises';
import { HooklineError } from '../contracts/errors.ts';

/** One step of the schema: a file `NNNN-name.sql`, whose first comment lines may carry marks. */
export interface Migration {
  readonly version: number;
  readonly file: string;
  readonly sql: string;
  /**
   * Mark `-- additive`: code that knows nothing of this file goes on working with the schema that it makes, and may be started
   * on it. Without the mark such code refuses to start.
   */
  readonly additive: boolean;
  /** Mark `-- concurrently`: the index that the file builds without a transaction and without stopping writes; null elsewhere. */
  readonly index: string | null;
}

const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;
/** The one form of a file marked `-- concurrently`. `IF NOT EXISTS` has no place in it: it would take a half-built index for one. */
const INDEX = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY ([a-z][a-z0-9_]*) ON [^;]+;?$/;

/** Every migration of a folder, by version; a file of any other name is left alone. */
export async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => FILE.test(file)).sort();
  return Promise.all(files.map(async (file) => toMigration(file, await readFile(new URL(file, folder), 'utf8'))));
}

function toMigration(file: string, sql: string): Migration {
  const marks = new Set(sql.split('\n').flatMap((line) => /^-- (additive|concurrently)$/.exec(line)?.[1] ?? []));
  return {
    version: Number(FILE.exec(file)?.[1]),
    file,
    sql,
    additive: marks.has('additive'),
    index: marks.has('concurrently') ? toIndex(file, sql) : null,
  };
}

function toIndex(file: string, sql: string): string {
  const statement = sql.replace(/--.*$/gm, '').trim().replace(/\s+/g, ' ');
  const name = INDEX.exec(statement)?.[1];
  if (name === undefined)
    throw new HooklineError('bug.unexpected', {
      expected: 'one statement `CREATE INDEX CONCURRENTLY <name> ON …` and no other',
      where: file,
    });
  return name;
}
