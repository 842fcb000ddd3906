import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../contracts/names.ts';
import type { Session } from './pool.ts';

const LOCK = 4_665_655_573; // any number that nobody else takes: "HOOKS" as a phone number
const POLL_MS = 100;

/**
 * Runs `work` while no other process migrates the same database. The lock is the connection's own: it goes with a process that is
 * killed, at once or, where PostgreSQL is busy with a statement of that process, within a second.
 *
 * Whoever waits asks again and again and holds nothing meanwhile: a process that waited inside `pg_advisory_lock` would hold a
 * snapshot, and an index that another builds concurrently waits for the end of every snapshot that is older than itself.
 */
export async function withMigrationLock<Result>(
  { session, log }: { readonly session: Session; readonly log: Log },
  work: () => Promise<Result>,
): Promise<Result> {
  for (let waited = false; !(await take(session)); waited = true) {
    if (!waited) log.info({ component: 'postgres' }, 'another process migrates the schema; waiting for it');
    await sleep(POLL_MS);
  }
  try {
    // an index of a large table may take hours to build; files in a transaction set a limit of their own
    await session.run('SET statement_timeout = 0');
    // where PostgreSQL's own platform cannot look after its clients, it notices a dead one at the end of the statement
    await session.run("SET client_connection_check_interval = '1s'").catch(() => {});
    return await work();
  } finally {
    // a connection on which this fails is thrown away by its pool, and the lock goes with it
    await release(session).catch(() => {});
  }
}

async function take(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ readonly taken: boolean }>({
    name: 'migrate.lock',
    text: 'SELECT pg_try_advisory_lock($1) AS taken',
    values: [LOCK],
  });
  return rows[0]?.taken === true;
}

async function release(session: Session): Promise<void> {
  await session.run('RESET statement_timeout; RESET client_connection_check_interval');
  await session.query({ name: 'migrate.unlock', text: 'SELECT pg_advisory_unlock($1)', values: [LOCK] });
}
