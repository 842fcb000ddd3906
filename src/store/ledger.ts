import type { ActionCall } from '../contracts/run.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { Queryable } from './pool.ts';

/** What a row of the ledger says of an effect. */
export type EffectState = 'intended' | 'sending' | 'done' | 'unknown' | 'undone';

/** One effect, as its row stands. */
export interface Effect {
  /** True where this very call has made the row. */
  readonly fresh: boolean;
  readonly round: number;
  readonly state: EffectState;
  readonly attempt: number;
  readonly runId: string;
  readonly inputSha256: Buffer | null;
  readonly result: JsonValue;
  /** How often it may have gone out. */
  readonly sends: number;
}

/** The call, the Temporal run that makes it, and the hash of its input. */
export interface LedgerCall {
  readonly call: ActionCall;
  readonly runId: string;
  readonly inputSha256: Buffer;
}

/** A call of an action that undoes another, and the Temporal run that makes it. */
interface UndoCall {
  readonly call: ActionCall & { readonly undoes: string };
  readonly runId: string;
}

/** Which row: the call's key and a round. */
interface RowKey {
  readonly call: ActionCall;
  readonly round: number;
}

const COLUMNS = 'round, state, attempt, run_id, input_sha256, result, sends';

// A row that was undone by another Temporal run opens the next round, for the same or a later attempt only: within one
// run an undone row is final, so that a zombie cannot do again what has been undone.
const CLAIM = `
WITH latest AS (
  SELECT ${COLUMNS} FROM effects
  WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round >= $5
  ORDER BY round DESC LIMIT 1
), made AS (
  INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, input_sha256)
  SELECT $1, $2, $3, $4, coalesce((SELECT round + 1 FROM latest), $5), 'intended', $6, $7, $8
  WHERE NOT EXISTS (SELECT FROM latest) OR EXISTS (SELECT FROM latest WHERE state = 'undone' AND run_id <> $7 AND attempt <= $6)
  ON CONFLICT DO NOTHING
  RETURNING ${COLUMNS}
)
SELECT true AS fresh, * FROM made
UNION ALL SELECT false, * FROM latest WHERE NOT EXISTS (SELECT FROM made)
  AND NOT (state = 'undone' AND run_id <> $7 AND attempt <= $6)`;

/**
 * Finds or makes the effect's row, in one statement; the row it returns is committed, or this transaction's own.
 * Waits for another transaction that is making the same row.
 */
export async function claimEffect(db: Queryable, { call, runId, inputSha256 }: LedgerCall): Promise<Effect> {
  for (;;) {
    const { rows } = await db.query<EffectRow>({
      name: 'ledger.claim',
      text: CLAIM,
      values: [...keyOf(call), call.round, call.attempt, runId, inputSha256],
    });
    const [row] = rows;
    // No row: another transaction made it after this statement's snapshot; the next one sees it.
    if (row !== undefined) return toEffect(row);
  }
}

/** Finds the newest round of the effect that `call` undoes, and locks it; `undefined` where it never happened. */
export async function lockUndone(db: Queryable, call: ActionCall & { readonly undoes: string }): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectRow>({
    name: 'ledger.lockUndone',
    text: `SELECT false AS fresh, ${COLUMNS} FROM effects WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round >= $5
           ORDER BY round DESC LIMIT 1 FOR UPDATE`,
    values: [call.eventUuid, call.ledger, call.undoes, call.key, call.round],
  });
  return rows[0] === undefined ? undefined : toEffect(rows[0]);
}

/** Makes the row of an effect that never happened and now never may in this run; false where another has just made the row. */
export async function forbidEffect(db: Queryable, { call, runId }: UndoCall): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'ledger.forbid',
    text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id) VALUES ($1, $2, $3, $4, $5, 'undone', $6, $7)
           ON CONFLICT DO NOTHING`,
    values: [call.eventUuid, call.ledger, call.undoes, call.key, call.round, call.attempt, runId],
  });
  return rowCount === 1;
}

/** Writes that this run has undone an effect; the row must be locked. */
export async function markUndone(db: Queryable, { call, runId, round }: UndoCall & { readonly round: number }): Promise<void> {
  await db.query({
    name: 'ledger.markUndone',
    text: `UPDATE effects SET state = 'undone', attempt = $6, run_id = $7, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5`,
    values: [call.eventUuid, call.ledger, call.undoes, call.key, round, call.attempt, runId],
  });
}

/** Makes the undo's own row for the round of the effect that it undoes; `undefined` where this call made it. */
export async function claimUndo(
  db: Queryable,
  { call, round, runId, inputSha256 }: LedgerCall & { readonly round: number },
): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectRow>({
    name: 'ledger.claimUndo',
    text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, input_sha256) VALUES ($1, $2, $3, $4, $5, 'intended', $6, $7, $8)
           ON CONFLICT DO NOTHING RETURNING true AS fresh, ${COLUMNS}`,
    values: [...keyOf(call), round, call.attempt, runId, inputSha256],
  });
  return rows[0] === undefined ? findEffect(db, { call, round }) : undefined;
}

/** Takes an intended row over for another attempt of the action; false where a later attempt, or another sender, has it. */
export async function takeOver(
  db: Queryable,
  { call, round, runId, sends }: RowKey & { readonly runId: string; readonly sends: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'ledger.takeOver',
    text: `UPDATE effects SET attempt = $6, run_id = $7, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND attempt <= $6 AND sends = $8 AND state IN ('intended', 'sending', 'unknown')`,
    values: [...keyOf(call), round, call.attempt, runId, sends],
  });
  return rowCount === 1;
}

/** Commits that the effect may happen from now on; false where another attempt owns it, so that it must not. */
export async function markSending(
  db: Queryable,
  { call, round, runId, sends }: RowKey & { readonly runId: string; readonly sends: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'ledger.markSending',
    text: `UPDATE effects SET state = 'sending', sends = sends + 1, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND attempt = $6 AND run_id = $7 AND sends = $8
             AND state IN ('intended', 'sending', 'unknown')`,
    values: [...keyOf(call), round, call.attempt, runId, sends],
  });
  return rowCount === 1;
}

/**
 * Writes how a sending has ended: `done`, `unknown`, or `intended` again where it surely has not happened.
 * Late word of a sender whose outcome counts as unknown is taken; that of one which another has replaced is not.
 */
export async function settleEffect(
  db: Queryable,
  {
    call,
    round,
    sends,
    state,
    result,
    detail,
  }: RowKey & {
    readonly sends: number;
    readonly state: 'done' | 'unknown' | 'intended';
    readonly result?: JsonValue;
    readonly detail?: string;
  },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'ledger.settle',
    text: `UPDATE effects SET state = $6, result = $7, detail = $8, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND sends = $9 AND state IN ('intended', 'sending', 'unknown')`,
    values: [...keyOf(call), round, state, result === undefined ? null : JSON.stringify(result), detail ?? null, sends],
  });
  return rowCount === 1;
}

/** The row of one round. */
async function findEffect(db: Queryable, { call, round }: RowKey): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectRow>({
    name: 'ledger.find',
    text: `SELECT false AS fresh, ${COLUMNS} FROM effects WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5`,
    values: [...keyOf(call), round],
  });
  return rows[0] === undefined ? undefined : toEffect(rows[0]);
}

interface EffectRow {
  readonly fresh: boolean;
  readonly round: number;
  readonly state: EffectState;
  readonly attempt: number;
  readonly run_id: string;
  readonly input_sha256: Buffer | null;
  readonly result: JsonValue;
  readonly sends: number;
}

function toEffect(row: EffectRow): Effect {
  return {
    fresh: row.fresh,
    round: row.round,
    state: row.state,
    attempt: row.attempt,
    runId: row.run_id,
    inputSha256: row.input_sha256,
    result: row.result,
    sends: row.sends,
  };
}

function keyOf(call: ActionCall): readonly [string, string, string, string] {
  return [call.eventUuid, call.ledger, call.action, call.key];
}
