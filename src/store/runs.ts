import type { ErrorCode } from '../contracts/errors.ts';
import type { RunOutcome } from '../contracts/run.ts';
import { toJsonText } from './columns.ts';
import { findRun, listRuns } from './list-runs.ts';
import type { ListedRun, RunFilter } from './list-runs.ts';
import { NOT_ALL_HELD, notStopped } from './not-stopped.ts';
import type { Pool, Queryable } from './pool.ts';
import { RUN_ROW as ROW, toClaimedRun, toRunRow, toStartedRun } from './run-rows.ts';
import type { ClaimedRow, ClaimedRun, RunRow, RunRowColumns, StartedRow, StartedRun } from './run-rows.ts';
import { REPAIRED } from './run-repair.ts';

export type { ListedRun, RunFilter } from './list-runs.ts';
export type { ClaimedRun, RunRow, StartedRun } from './run-rows.ts';

/** Which run. */
export interface RunKey {
  readonly eventUuid: string;
  readonly chain: string;
}

/** Which runs of an event are to start again, and whether finished ones are too. */
export interface RepairWish {
  readonly eventUuid: string;
  readonly chain?: string | undefined;
  readonly again: boolean;
}

/** Which attempt of which run: marks of another attempt change nothing. */
export interface RunAttempt extends RunKey {
  readonly attempt: number;
}

/** The rows of runs: one for each event and chain. All times are PostgreSQL's, so that processes need no common clock. */
export interface Runs {
  /**
   * Leases runs that are to be started, oldest receipt first, to one process: no other gets them until the lease is over or
   * given back. The lease is a column, never a lock held across a call. Runs whose source or chain is paused, and all while
   * everything is held, stay as they are.
   */
  claim(wish: { readonly owner: string; readonly limit: number; readonly leaseMs: number }): Promise<readonly ClaimedRun[]>;
  /** Writes that the attempt runs in Temporal; never over an outcome, nor over a later attempt. The first check is due in 5 s. */
  markStarted(mark: RunAttempt & { readonly runId: string }): Promise<void>;
  /** Gives a claimed run back, to be claimed again after a delay. */
  postpone(mark: RunAttempt & { readonly delayMs: number; readonly countTry: boolean }): Promise<void>;
  /** Writes that the attempt cannot be started: failed, unless it has started all the same. */
  failStart(mark: RunAttempt & { readonly code: ErrorCode; readonly detail: string }): Promise<void>;
  /**
   * Writes how the attempt has ended; false where that changes nothing: another attempt, or an outcome that stands. `done` is
   * written over `failed` and `stopped` too (a reset in Temporal's UI), and nothing is written over `done`.
   */
  markOutcome(mark: RunAttempt & { readonly outcome: RunOutcome }): Promise<boolean>;
  /** Takes started runs that are due to be compared with Temporal; each is due again after 5 s, then twice as long, up to 5 min. */
  dueChecks(wish: { readonly limit: number }): Promise<readonly StartedRun[]>;
  /**
   * Writes into a started run that Temporal cannot carry it on, by code `run.taskFailing`, and has it looked at again within 30 s; its
   * state stays. The time since when stands from the first time on.
   */
  markStuck(mark: RunAttempt & { readonly detail: string }): Promise<void>;
  /** Takes that away again. */
  clearStuck(mark: RunAttempt): Promise<void>;
  /** Makes every started run due to be compared with Temporal at once, and begins its back-off anew. */
  checkAllSoon(): Promise<void>;
  /** Has a started run that Temporal has forgotten started again as the same attempt; false where it is no longer started. */
  restartForgotten(mark: RunAttempt): Promise<boolean>;
  /**
   * Asks failed and stopped runs of an event to start again as the next attempt, with `again` finished ones too; resolves to the
   * runs so asked. `again` raises the round, so that all effects are made once more; it takes no event whose data have left.
   */
  repair(wish: RepairWish): Promise<readonly RunRow[]>;
  /** The newest receipt first. */
  list(filter: RunFilter): Promise<readonly ListedRun[]>;
  /** The run of a workflow id; `undefined` where there is none. */
  find(workflowId: string): Promise<ListedRun | undefined>;
  /** One run; `undefined` where there is none. */
  get(key: RunKey): Promise<RunRow | undefined>;
  /** Every run of an event, by chain. */
  listOfEvent(eventUuid: string): Promise<readonly RunRow[]>;
}

const OF_ATTEMPT = 'event_uuid = $1 AND chain = $2 AND attempt = $3';
const TO_START = `state IN ('pending', 'repair_requested')`;
const NO_LEASE = 'lease_owner = NULL, lease_until = NULL';

const CLAIM = `
WITH due AS (
  SELECT event_uuid, chain FROM runs
  WHERE ${TO_START} AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
    AND ${NOT_ALL_HELD}
    AND ${notStopped({ verb: 'pause', kind: 'source' }, `split_part(workflow_id, '.', 1)`)}
    AND ${notStopped({ verb: 'pause', kind: 'chain' }, 'chain')}
  ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED
), leased AS (
  UPDATE runs r SET lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond'
  FROM due WHERE r.event_uuid = due.event_uuid AND r.chain = due.chain RETURNING r.*
)
SELECT l.event_uuid, l.chain, l.seq, l.workflow_id, l.ledger, l.state, l.attempt, l.round, l.restarts, l.tries,
       e.source, e.event_id, e.type, e.entity_type, e.entity_id, e.occurred_at, e.received_at, e.test, e.data, e.delivery_id
FROM leased l JOIN events e ON e.uuid = l.event_uuid ORDER BY l.seq`;

const MARK_STARTED = `
UPDATE runs SET state = 'started', run_id = $4, started_at = now(), closed_at = NULL, check_at = now() + interval '5 seconds', checks = 0, stuck_since = NULL,
                code = NULL, detail = NULL, result = NULL, ${NO_LEASE}
WHERE ${OF_ATTEMPT} AND ${TO_START}`;

const POSTPONE = `
UPDATE runs SET due_at = now() + $4 * interval '1 millisecond', tries = tries + $5, ${NO_LEASE} WHERE ${OF_ATTEMPT} AND ${TO_START}`;

const FAIL_START = `
UPDATE runs SET state = 'failed', closed_at = now(), code = $4, detail = $5, result = NULL, ${NO_LEASE} WHERE ${OF_ATTEMPT} AND ${TO_START}`;

const MARK_OUTCOME = `
UPDATE runs SET state = $4, closed_at = now(), check_at = NULL, stuck_since = NULL, code = $5, detail = $6, result = $7, ${NO_LEASE}
WHERE ${OF_ATTEMPT} AND (state IN ('pending', 'repair_requested', 'started') OR $4 = 'done' AND state IN ('failed', 'stopped'))`;

const DUE_CHECKS = `
WITH due AS (
  SELECT event_uuid, chain FROM runs WHERE state = 'started' AND check_at <= now() ORDER BY check_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE runs r SET checks = r.checks + 1, check_at = now() + least(300, 5 * 2 ^ least(r.checks, 10)) * interval '1 second'
FROM due WHERE r.event_uuid = due.event_uuid AND r.chain = due.chain
RETURNING r.event_uuid, r.chain, r.attempt, r.restarts, r.workflow_id, r.run_id, r.started_at, r.stuck_since IS NOT NULL AS stuck`;

const RESTART_FORGOTTEN = `
UPDATE runs SET state = 'pending', restarts = restarts + 1, tries = 0, due_at = now(), check_at = NULL, stuck_since = NULL, code = NULL, detail = NULL, ${NO_LEASE}
WHERE ${OF_ATTEMPT} AND state = 'started'`;

const MARK_STUCK = `
UPDATE runs SET stuck_since = coalesce(stuck_since, now()), code = $4, detail = $5, check_at = least(check_at, now() + interval '30 seconds')
WHERE ${OF_ATTEMPT} AND state = 'started'`;

const CLEAR_STUCK = `
UPDATE runs SET stuck_since = NULL, code = NULL, detail = NULL WHERE ${OF_ATTEMPT} AND state = 'started' AND stuck_since IS NOT NULL`;

const REPAIR = `
WITH asked AS (
  SELECT r.event_uuid, r.chain FROM runs r JOIN events e ON e.uuid = r.event_uuid
  WHERE r.event_uuid = $1 AND ($2::text IS NULL OR r.chain = $2) AND (r.state IN ('failed', 'stopped') OR $3 AND r.state = 'done' AND e.data IS NOT NULL)
  ORDER BY r.event_uuid, r.chain FOR UPDATE OF r FOR SHARE OF e
)
UPDATE runs r SET ${REPAIRED}, round = CASE WHEN $3 THEN greatest(r.round, coalesce(
  (SELECT max(e.round) + 1 FROM effects e WHERE e.event_uuid = r.event_uuid AND e.ledger = r.ledger), r.round)) ELSE r.round END
FROM asked WHERE r.event_uuid = asked.event_uuid AND r.chain = asked.chain
RETURNING ${ROW}`;

/** Makes the statements on runs. */
export function createRuns({ pool }: { readonly pool: Pool }): Runs {
  const query = <Row>(name: string, text: string, values: readonly unknown[]) => pool.query<Row>({ name, text, values });
  const list = async (eventUuid: string, chain: string | null): Promise<readonly RunRow[]> => {
    const text = `SELECT ${ROW} FROM runs r WHERE r.event_uuid = $1 AND ($2::text IS NULL OR r.chain = $2) ORDER BY r.chain`;
    return (await query<RunRowColumns>('runs.ofEvent', text, [eventUuid, chain])).rows.map(toRunRow);
  };
  return {
    claim: async ({ owner, limit, leaseMs }) =>
      (await query<ClaimedRow>('runs.claim', CLAIM, [owner, limit, leaseMs])).rows.map(toClaimedRun),
    markStarted: async (mark) => void (await query('runs.markStarted', MARK_STARTED, [...keyOf(mark), mark.runId])),
    postpone: async (mark) => void (await query('runs.postpone', POSTPONE, [...keyOf(mark), mark.delayMs, mark.countTry ? 1 : 0])),
    failStart: async (mark) => void (await query('runs.failStart', FAIL_START, [...keyOf(mark), mark.code, toStorable(mark.detail)])),
    markOutcome: async ({ outcome, ...mark }) => {
      const values = [...keyOf(mark), outcome.state, outcome.code, toStorable(outcome.detail), toJsonText(outcome.result)];
      return (await query('runs.markOutcome', MARK_OUTCOME, values)).rowCount === 1;
    },
    dueChecks: async ({ limit }) => (await query<StartedRow>('runs.dueChecks', DUE_CHECKS, [limit])).rows.map(toStartedRun),
    markStuck: async ({ detail, ...mark }) =>
      void (await query('runs.markStuck', MARK_STUCK, [...keyOf(mark), 'run.taskFailing' satisfies ErrorCode, toStorable(detail)])),
    clearStuck: async (mark) => void (await query('runs.clearStuck', CLEAR_STUCK, keyOf(mark))),
    checkAllSoon: async () =>
      void (await query('runs.checkAllSoon', `UPDATE runs SET check_at = now(), checks = 0 WHERE state = 'started'`, [])),
    restartForgotten: async (mark) => (await query('runs.restartForgotten', RESTART_FORGOTTEN, keyOf(mark))).rowCount === 1,
    repair: (wish) => repairRuns(pool, wish),
    list: (filter) => listRuns(pool, filter),
    find: (workflowId) => findRun(pool, workflowId),
    get: async ({ eventUuid, chain }) => (await list(eventUuid, chain))[0],
    listOfEvent: (eventUuid) => list(eventUuid, null),
  };
}

/** `Runs.repair`, on its own or inside the caller's transaction. */
export async function repairRuns(db: Queryable, { eventUuid, chain, again }: RepairWish): Promise<readonly RunRow[]> {
  return (await db.query<RunRowColumns>({ name: 'runs.repair', text: REPAIR, values: [eventUuid, chain, again] })).rows.map(toRunRow);
}

function keyOf({ eventUuid, chain, attempt }: RunAttempt): readonly [string, string, number] {
  return [eventUuid, chain, attempt];
}

/** Details quote failures of anything; a `text` column takes no U+0000, and an outcome must never be lost over it. */
function toStorable(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '\u{fffd}').slice(0, MAX_DETAIL);
}

const MAX_DETAIL = 4_096;
