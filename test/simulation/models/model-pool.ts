import { HooklineError } from '../../../src/contracts/errors.ts';
import type { Pool, Rows, Session, Statement } from '../../../src/store/pool.ts';
import type { Answer, ModelConnection, ModelDatabase } from './model-database.ts';
import type { Statements } from './statements.ts';

/** One request on its way to the database. */
export interface DatabaseRequest {
  readonly connection: ModelConnection;
  /** The statement's name, or `BEGIN`, `COMMIT`, `ROLLBACK`. */
  readonly what: string;
  /** Runs it at the database. */
  readonly perform: (answer: (answer: Answer) => void) => void;
}

/** What a pool is made with. */
export interface ModelPoolOptions {
  readonly database: ModelDatabase;
  readonly statements: Statements;
  /** Carries a request there and its answer back; rejects where the connection breaks, whatever has become of the request. */
  readonly carry: (request: DatabaseRequest) => Promise<Answer>;
}

const STATEMENT_TIMEOUT_MS = 10_000;
const NOTHING: Answer = { kind: 'rows', rows: { rows: [], rowCount: null } };

/** The product's own port to PostgreSQL over the model: prepared statements by name, and transactions. A name it does not know is thrown. */
export function createModelPool({ database, statements, carry }: ModelPoolOptions): Pool {
  const session: Pool['session'] = async (use) => {
    const connection = database.connect();
    let broken = false;
    const send = async (what: string, perform: DatabaseRequest['perform']): Promise<Rows<object>> => {
      if (broken) throw unavailable(what);
      const answer = await carry({ connection, what, perform }).catch((error: unknown) => {
        broken = true;
        throw error;
      });
      broken ||= answer.kind === 'ended';
      if (answer.kind !== 'rows') throw unavailable(what);
      return answer.rows;
    };
    const lent: Session = {
      query: async <Row>(statement: Statement) =>
        (await send(statement.name, (answer) =>
          connection.query(find(statements, statement), statement.values ?? [], answer),
        )) as Rows<Row>, // as of PostgreSQL's rows, the caller knows
      run: async (sql) => void (await send(sql.split(/[;\s]/, 1)[0] ?? '', (answer) => answer(control(connection, sql)))),
    };
    const result = await use(lent).finally(() => {
      if (!broken) connection.end(); // a broken one is ended by whoever has broken it, once PostgreSQL notices
    });
    return result;
  };
  return { session, query: (statement) => session((lent) => lent.query(statement)), close: async () => {} };
}

function find(statements: Statements, { name }: Statement): Statements[string] {
  const statement = statements[name];
  if (statement === undefined) throw new TypeError(`the model does not know the statement ${name}: add it to test/simulation/models`);
  return statement;
}

function control(connection: ModelConnection, sql: string): Answer {
  if (!connection.isOpen()) return { kind: 'ended' };
  if (sql.startsWith('BEGIN')) connection.begin(Number(/statement_timeout = (\d+)/.exec(sql)?.[1] ?? STATEMENT_TIMEOUT_MS));
  else if (sql === 'COMMIT') connection.commit();
  else if (sql === 'ROLLBACK') connection.rollBack();
  else if (!sql.startsWith('SET LOCAL ')) throw new TypeError(`the model does not know ${sql}`);
  return NOTHING;
}

function unavailable(what: string): HooklineError {
  return new HooklineError('postgres.unavailable', { where: what });
}
