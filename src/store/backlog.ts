import { HooklineError } from '../contracts/errors.ts';
import type { Pool } from './pool.ts';
import { transaction } from './pool.ts';

/** The runs of one state. */
export interface BacklogState {
  readonly state: 'pending' | 'repair_requested' | 'started' | 'failed' | 'stopped';
  readonly runs: number;
  /** How long the one whose event came first has been in an open state, in seconds; null for a closed one. */
  readonly oldestSeconds: number | null;
}

/** What is not finished. */
export interface Backlog {
  readonly states: readonly BacklogState[];
  readonly effectsUnknown: number;
}

/** Done runs are left out: they are many, and counting them would read them all. */
const BACKLOG = `
SELECT s.state, (SELECT count(*) FROM runs r WHERE r.state = s.state)::int AS runs,
       CASE WHEN s.open THEN greatest(0, coalesce((
         SELECT extract(epoch FROM now() - CASE r.state WHEN 'pending' THEN e.received_at WHEN 'started' THEN r.started_at ELSE r.due_at END)
         FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE r.state = s.state ORDER BY r.seq LIMIT 1), 0))::float8 END AS oldest,
       (SELECT count(*) FROM effects x WHERE x.state = 'unknown')::int AS unknown
FROM (VALUES ('pending', true), ('repair_requested', true), ('started', true), ('failed', false), ('stopped', false)) AS s (state, open)`;

/** Counts what is not finished, by indexes alone; PostgreSQL gives up after 2 s. */
export async function readBacklog(pool: Pool): Promise<Backlog> {
  const { rows } = await transaction(
    pool,
    (tx) =>
      tx.query<{
        readonly state: BacklogState['state'];
        readonly runs: number;
        readonly oldest: number | null;
        readonly unknown: number;
      }>({ name: 'backlog.read', text: BACKLOG }),
    { statementTimeoutMs: 2_000 },
  );
  return {
    states: rows.map(({ state, runs, oldest }) => ({ state, runs, oldestSeconds: oldest })),
    effectsUnknown: rows[0]?.unknown ?? 0,
  };
}

/** Resolves where PostgreSQL answers within 2 s and takes writes; a standby takes none. */
export async function checkPostgres(pool: Pool): Promise<void> {
  const statement = { name: 'backlog.check', text: 'SELECT pg_is_in_recovery() AS standby' };
  const { rows } = await pool.session((session) => session.query<{ readonly standby: boolean }>(statement), { answerTimeoutMs: 2_000 });
  if (rows[0]?.standby !== false)
    throw new HooklineError('postgres.unavailable', { expected: 'a server that takes writes', got: 'a standby' });
}
