import { HooklineError } from '../contracts/errors.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';
import { NO_WRITES } from './postgres-reason.ts';
import { listSwitches, type SetSwitch } from './switches.ts';

/** The runs of one state. */
export interface BacklogState {
  readonly state: 'pending' | 'repair_requested' | 'started' | 'failed' | 'stopped';
  readonly runs: number;
  /** How long the one whose event came first has been in an open state, in seconds; null for a closed one. */
  readonly oldestSeconds: number | null;
}

/** The events of one state that wait for a person. */
export interface WaitingEvents {
  readonly state: 'held' | 'quarantined';
  readonly events: number;
  /** Since the receipt of the first of them, in seconds; 0 where there is none. */
  readonly oldestSeconds: number;
}

/** What is not finished, and what an operator has stopped. */
export interface Backlog {
  readonly states: readonly BacklogState[];
  readonly effectsUnknown: number;
  readonly events: readonly WaitingEvents[];
  readonly switches: readonly Pick<SetSwitch, 'verb' | 'kind' | 'name'>[];
  /** Started runs that Temporal cannot carry on. */
  readonly runsStuck: number;
  /** Vendors that must not be asked yet, and for how long, in seconds. */
  readonly waits: readonly { readonly adapter: string; readonly seconds: number }[];
}

/** Done runs are left out: they are many, and counting them would read them all. */
const RUNS = `
SELECT s.state, (SELECT count(*) FROM runs r WHERE r.state = s.state)::int AS runs,
       CASE WHEN s.open THEN greatest(0, coalesce((
         SELECT extract(epoch FROM now() - CASE r.state WHEN 'pending' THEN e.received_at WHEN 'started' THEN r.started_at ELSE r.due_at END)
         FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE r.state = s.state ORDER BY r.seq LIMIT 1), 0))::float8 END AS oldest,
       (SELECT count(*) FROM effects x WHERE x.state = 'unknown')::int AS unknown,
       (SELECT count(*) FROM runs r WHERE r.state = 'started' AND r.stuck_since IS NOT NULL)::int AS stuck
FROM (VALUES ('pending', true), ('repair_requested', true), ('started', true), ('failed', false), ('stopped', false)) AS s (state, open)`;

/** The state stands in the text of each part, so that the partial index of these states is used. */
const EVENTS = (['held', 'quarantined'] as const)
  .map(
    (state) => `
SELECT '${state}' AS state, (SELECT count(*) FROM events WHERE state = '${state}')::int AS events, greatest(0, coalesce((
  SELECT extract(epoch FROM now() - received_at) FROM events WHERE state = '${state}' ORDER BY uuid LIMIT 1), 0))::float8 AS oldest`,
  )
  .join('\nUNION ALL');

/** Counts what is not finished, by indexes alone; PostgreSQL gives up a statement after 2 s. */
export async function readBacklog(pool: Pool): Promise<Backlog> {
  return transaction(
    pool,
    async (tx) => ({
      ...(await readRuns(tx)),
      events: await readWaitingEvents(tx),
      switches: await listSwitches(tx),
      waits: await readWaits(tx),
    }),
    { statementTimeoutMs: 2_000 },
  );
}

async function readRuns(db: Queryable): Promise<Pick<Backlog, 'states' | 'effectsUnknown' | 'runsStuck'>> {
  const { rows } = await db.query<{
    readonly state: BacklogState['state'];
    readonly runs: number;
    readonly oldest: number | null;
    readonly unknown: number;
    readonly stuck: number;
  }>({ name: 'backlog.runs', text: RUNS });
  return {
    states: rows.map(({ state, runs, oldest }) => ({ state, runs, oldestSeconds: oldest })),
    effectsUnknown: rows[0]?.unknown ?? 0,
    runsStuck: rows[0]?.stuck ?? 0,
  };
}

async function readWaitingEvents(db: Queryable): Promise<readonly WaitingEvents[]> {
  const { rows } = await db.query<{ readonly state: WaitingEvents['state']; readonly events: number; readonly oldest: number }>({
    name: 'backlog.events',
    text: EVENTS,
  });
  return rows.map(({ state, events, oldest }) => ({ state, events, oldestSeconds: oldest }));
}

async function readWaits(db: Queryable): Promise<Backlog['waits']> {
  const text =
    'SELECT adapter, extract(epoch FROM until - now())::float8 AS seconds FROM vendor_waits WHERE until > now() ORDER BY adapter';
  return (await db.query<Backlog['waits'][number]>({ name: 'backlog.waits', text })).rows;
}

/** Resolves where PostgreSQL answers within 2 s and takes writes; a standby takes none. */
export async function checkPostgres(pool: Pool): Promise<void> {
  const statement = {
    name: 'backlog.check',
    text: `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS "readOnly"`,
  };
  type Row = { readonly standby: boolean; readonly readOnly: boolean };
  const { rows } = await pool.session((session) => session.query<Row>(statement), { answerTimeoutMs: 2_000 });
  const [row] = rows;
  if (row?.standby === false && !row.readOnly) return;
  const got = row?.readOnly === true && !row.standby ? 'one that is told to write nothing' : 'a standby';
  throw new HooklineError('postgres.unavailable', { expected: 'a server that takes writes', got, cause: new Error(NO_WRITES) });
}
