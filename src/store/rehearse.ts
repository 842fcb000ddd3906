import { transaction, type Pool, type Queryable, type Session } from './pool.ts';

/**
 * Does `work` inside the caller's transaction and takes back all that it has written; what it resolves to stands. When it throws, the
 * transaction is the caller's to roll back.
 */
export async function rehearse<Result>(session: Session, work: (db: Queryable) => Promise<Result>): Promise<Result> {
  await session.run('SAVEPOINT rehearsal');
  const result = await work(session);
  // the first of the two fails where the work has gone on after a statement that failed: so would a live one's commit
  await session.run('SAVEPOINT whole; ROLLBACK TO SAVEPOINT rehearsal');
  return result;
}

/** A database in which each statement is checked and answered as ever, and none changes anything. */
export function createRehearsal(pool: Pool): Queryable {
  return { query: (statement) => transaction(pool, (session) => rehearse(session, (db) => db.query(statement))) };
}
