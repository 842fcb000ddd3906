import { join } from 'node:path';
import { Client } from 'pg';
import type { Log } from '../../src/contracts/names.ts';
import { startPostgres } from '../../src/runtime/embedded-postgres.ts';

/** The embedded PostgreSQL, with everything on disk before a commit returns; each system gets a database of its own. */
export interface Databases {
  readonly pid: number;
  readonly version: string;
  create(name: string): Promise<Database>;
  /** What the whole server has done since its start. */
  counts(): Promise<DatabaseCounts>;
  close(): Promise<void>;
}

/** One of its databases. */
export interface Database {
  readonly url: string;
  /** The only number that a query returns. */
  number(query: string): Promise<number>;
  execute(statement: string): Promise<void>;
  /** Bytes on disk, the log apart. */
  size(): Promise<number>;
  /** Removes it, and writes down whatever the server still holds in memory, so that the next system begins with a quiet disk. */
  drop(): Promise<void>;
}

/** Work of the server. Statements and bytes are exact; of fsyncs each process tells with its next transaction, once a second at most. */
export interface DatabaseCounts {
  /** Undefined where statements are not counted. */
  readonly statements: number | undefined;
  /** Of the write-ahead log. */
  readonly fsyncs: number;
  readonly walBytes: number;
}

const CALLS = "SELECT sum(calls) AS calls FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid WHERE datname LIKE 'bench%'";

/** Starts it in a folder. Counting statements costs a few per cent, and so is off for everything that measures speed. */
export async function startDatabases({
  folder,
  log,
  countStatements = false,
}: {
  readonly folder: string;
  readonly log: Log;
  readonly countStatements?: boolean;
}): Promise<Databases> {
  const dataDir = join(folder, 'postgres');
  let server = await startPostgres({ dataDir, log });
  if (countStatements) {
    await withClient(server.url, (client) => client.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"));
    await server.close();
    server = await startPostgres({ dataDir, log });
    await withClient(server.url, (client) => client.query('CREATE EXTENSION pg_stat_statements'));
  }
  const { url: rootUrl } = server;
  const admin = new Client({ connectionString: rootUrl, application_name: 'bench' });
  admin.on('error', () => {}); // the server ends before it at times
  await admin.connect();
  const one = async <Row extends object>(query: string): Promise<Row> => {
    const { rows } = await admin.query<Row>(query);
    const [row] = rows;
    if (row === undefined) throw new Error(`no row of: ${query}`);
    return row;
  };
  return {
    pid: server.pid,
    version: (await one<{ readonly server_version: string }>('SHOW server_version')).server_version,
    async create(name) {
      const database = `bench_${name.replaceAll(/\W/g, '_')}`;
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${database}`);
      const url = rootUrl.replace(/\/postgres$/, `/${database}`);
      const number = (query: string): Promise<number> =>
        withClient(url, async (client) => Number((await client.query<{ readonly number: string }>(query)).rows[0]?.number));
      return {
        url,
        number,
        execute: (statement) => withClient(url, async (client) => void (await client.query(statement))),
        size: () => number('SELECT pg_database_size(current_database()) AS number'),
        async drop() {
          await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
          await admin.query('CHECKPOINT');
        },
      };
    },
    async counts() {
      const { fsyncs, bytes } = await one<{ readonly fsyncs: string; readonly bytes: string }>(
        `SELECT (SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal') AS fsyncs, pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`,
      );
      const statements = countStatements ? Number((await one<{ readonly calls: string }>(CALLS)).calls) : undefined;
      return { statements, fsyncs: Number(fsyncs), walBytes: Number(bytes) };
    },
    async close() {
      await admin.end().catch(() => {});
      await server.close();
    },
  };
}

async function withClient<Result>(url: string, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
