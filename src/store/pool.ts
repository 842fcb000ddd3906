import { DatabaseError, Pool as DriverPool } from 'pg';
import type { PoolClient, QueryConfig } from 'pg';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import { toPostgresFailure } from './postgres-failure.ts';

/** A prepared statement. Its name is `family.verb`, stable, and stands for this text alone. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** The rows of a statement, and how many rows it wrote or read. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly rowCount: number | null;
}

/** Runs prepared statements: a pool, or one open transaction. */
export interface Queryable {
  query<Row = never>(statement: Statement): Promise<Rows<Row>>;
}

/** One connection, lent. */
export interface Session extends Queryable {
  /** Runs SQL of ours without values: one or several statements, one round trip. */
  run(sql: string): Promise<void>;
}

/** Connections to PostgreSQL. */
export interface Pool extends Queryable {
  /** Lends a connection for as long as `use` runs; a broken one is not used again. */
  session<Result>(use: (session: Session) => Promise<Result>, options?: SessionOptions): Promise<Result>;
  /** Ends the connections once those in use are given back. */
  close(): Promise<void>;
}

interface SessionOptions {
  /** How long a statement may go without an answer. @default the pool's own, 15 s */
  readonly answerTimeoutMs?: number;
}

/** Options of `createPool`. */
export interface PoolOptions {
  readonly url: string;
  /** Most connections at once. @default 10 */
  readonly max?: number | undefined;
  /** Shown by PostgreSQL in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly log: Log;
}

/** PostgreSQL's own limit for a statement of ours, in milliseconds. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** How much later we give up waiting for the answer: the network, or a stopped server. */
const ANSWER_GRACE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** How long an open transaction of ours may be silent: then PostgreSQL ends it, since whoever has lost his network or his power says no goodbye. */
const SILENT_TRANSACTION_MS = 5_000;

/**
 * Makes a pool whose every fault of the connection is thrown as `postgres.unavailable`, with the driver's error as cause;
 * what PostgreSQL says of a statement itself is thrown as the driver's `DatabaseError`. A statement may take 10 s, getting
 * a connection 2 s; a transaction that says nothing for 5 s is ended, and its locks are free again.
 */
export function createPool({ url, max = 10, applicationName, log }: PoolOptions): Pool {
  const driver = new DriverPool({
    connectionString: url,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: SILENT_TRANSACTION_MS,
  });
  let closing = false;
  // the error itself holds the connection and its settings: only its text may reach a log
  driver.on(
    'error',
    ({ message }) => closing || log.warn({ component: 'postgres', cause: message }, 'an idle connection to PostgreSQL broke'),
  );
  // a lent connection has no listener of the pool's: without one of ours its end would end the process
  driver.on('connect', (client) => client.on('error', () => {}));

  const session: Pool['session'] = async (use, { answerTimeoutMs = STATEMENT_TIMEOUT_MS + ANSWER_GRACE_MS } = {}) => {
    const client = await connect(driver);
    let broken = false;
    const send = async <Row>(statement: QueryConfig): Promise<Rows<Row>> => {
      const config: QueryConfig & { readonly query_timeout: number } = { ...statement, query_timeout: answerTimeoutMs }; // the driver knows it, its types do not
      try {
        return await client.query<Row & object>(config);
      } catch (error) {
        // PostgreSQL has answered: the connection is in order, unless it has said goodbye
        broken ||= !(error instanceof DatabaseError) || error.severity === 'FATAL';
        throw toThrown(error);
      }
    };
    try {
      return await use({
        query: ({ name, text, values = [] }) => send({ name, text, values: [...values] }),
        run: async (sql) => void (await send({ text: sql })),
      });
    } finally {
      client.release(broken);
    }
  };

  return {
    session,
    query: (statement) => session((lent) => lent.query(statement)),
    close: async () => {
      closing = true;
      await driver.end();
    },
  };
}

async function connect(driver: DriverPool): Promise<PoolClient> {
  try {
    return await driver.connect();
  } catch (error) {
    throw toThrown(error);
  }
}

function toThrown(error: unknown): unknown {
  if (error instanceof DatabaseError) withoutValues(error);
  return toPostgresFailure(error) === 'unavailable' ? new HooklineError('postgres.unavailable', { cause: error }) : error;
}

/** PostgreSQL quotes rows and JSON in these: payloads, which must not reach a log. */
function withoutValues(error: DatabaseError): void {
  error.detail = undefined;
  error.where = undefined;
  error.internalQuery = undefined;
}

/** The connection broke while a COMMIT was under way: nobody knows whether it has happened. Read it back, or ask again. */
export class CommitUnknownError extends HooklineError {
  readonly commitUnknown = true;
}

/** Options of `transaction`. */
export interface TransactionOptions {
  /** PostgreSQL cancels a statement after this long. @default the pool's own, 10 s */
  readonly statementTimeoutMs?: number | undefined;
}

/**
 * Runs `work` in one transaction (READ COMMITTED): all of it is committed when this resolves, none of it when it throws,
 * save for `CommitUnknownError`.
 */
export async function transaction<Result>(
  pool: Pool,
  work: (tx: Session) => Promise<Result>,
  { statementTimeoutMs }: TransactionOptions = {},
): Promise<Result> {
  const begin = statementTimeoutMs === undefined ? 'BEGIN' : `BEGIN; SET LOCAL statement_timeout = ${Math.trunc(statementTimeoutMs)}`;
  const answer = statementTimeoutMs === undefined ? {} : { answerTimeoutMs: statementTimeoutMs + ANSWER_GRACE_MS };
  return pool.session(async (session) => {
    await session.run(begin);
    const result = await rollBackOnThrow(session, work);
    await commit(session);
    return result;
  }, answer);
}

async function rollBackOnThrow<Result>(session: Session, work: (tx: Session) => Promise<Result>): Promise<Result> {
  try {
    return await work(session);
  } catch (error) {
    // a connection that cannot roll back is thrown away by its pool, and PostgreSQL rolls back by itself
    await session.run('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function commit(session: Session): Promise<void> {
  try {
    await session.run('COMMIT');
  } catch (error) {
    if (toPostgresFailure(error) !== 'unavailable') throw error;
    throw new CommitUnknownError('postgres.unavailable', { got: 'no answer to a COMMIT', cause: error });
  }
}
