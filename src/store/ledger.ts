import type { JsonValue } from '../contracts/json.ts';
import {
  EFFECT_COLUMNS as COLUMNS,
  keyOf,
  toEffect,
  type Effect,
  type EffectColumns,
  type LedgerCall,
  type RowKey,
} from './ledger-rows.ts';
import type { Queryable } from './pool.ts';
import { findStop, stopValues, toStop, toStopQuery, toUnstopped, type AdapterName, type Stop, type StopColumns } from './stops.ts';
import { KEEP_WAIT, toOpenWait, toWaitQuery, type OpenWait, type WaitColumns } from './vendor-waits.ts';

export type { Effect, EffectState, LedgerCall } from './ledger-rows.ts';

/** What a claim has found: the effect, what stops it, or both; never neither. */
export type Claim = { readonly effect: Effect; readonly stop: Stop | undefined } | { readonly effect: undefined; readonly stop: Stop };

/** What a claim to send has come to. */
export type SendClaim =
  | { readonly sending: true }
  | { readonly sending: false; readonly stop: Stop | undefined; readonly wait?: OpenWait | undefined };

// A row that was undone by another Temporal run opens the next round, for the same or a later attempt only: within one
// run an undone row is final, so that a zombie cannot do again what has been undone. What an operator has stopped makes no
// row; one that is there is found all the same, for what is done needs nothing more.
const AGAIN = `state = 'undone' AND run_id <> $7 AND attempt <= $6`;
const CLAIM = `
WITH latest AS (
  SELECT ${COLUMNS} FROM effects
  WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round >= $5
  ORDER BY round DESC LIMIT 1
), made AS (
  INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, input_sha256, dry)
  SELECT $1, $2, $3, $4, coalesce((SELECT round + 1 FROM latest), $5), 'intended', $6, $7, $8, $9
  WHERE (NOT EXISTS (SELECT FROM latest) OR EXISTS (SELECT FROM latest WHERE ${AGAIN})) AND ${toUnstopped(10)}
  ON CONFLICT DO NOTHING
  RETURNING ${COLUMNS}
)
SELECT true AS fresh, * FROM made
UNION ALL SELECT false, * FROM latest WHERE NOT EXISTS (SELECT FROM made) AND NOT (${AGAIN})`;

/**
 * Finds or makes the effect's row; the row it returns is committed, or this transaction's own. Makes none while an operator has stopped
 * the action. One statement, and a second one where the row is not new or the action is stopped. Waits for another transaction that is
 * making the same row.
 */
export async function claimEffect(db: Queryable, claim: LedgerCall): Promise<Claim> {
  const { call, runId, inputSha256, dry } = claim;
  for (;;) {
    const { rows } = await db.query<EffectColumns>({
      name: 'ledger.claim',
      text: CLAIM,
      values: [...keyOf(call), call.round, call.attempt, runId, inputSha256, dry, ...stopValues(claim)],
    });
    const effect = rows[0] === undefined ? undefined : toEffect(rows[0]);
    if (effect?.fresh === true || effect?.state === 'done' || effect?.state === 'undone') return { effect, stop: undefined };
    const stop = await findStop(db, claim);
    if (effect !== undefined) return { effect, stop };
    if (stop !== undefined) return { effect, stop };
    // Neither: another transaction made the row after this statement's snapshot, or the switch is gone; the next one sees it.
  }
}

/**
 * Takes a row over for another attempt of the action, and tells whether it is dry; `undefined` where a later attempt, or another sender,
 * has it. A dry row stays dry, and one that surely has not gone out becomes dry where this attempt is.
 */
export async function takeOver(
  db: Queryable,
  { call, round, runId, sends, dry }: RowKey & { readonly runId: string; readonly sends: number; readonly dry: boolean },
): Promise<{ readonly dry: boolean } | undefined> {
  const { rows } = await db.query<{ readonly dry: boolean }>({
    name: 'ledger.takeOver',
    text: `UPDATE effects SET attempt = $6, run_id = $7, dry = dry OR $9 AND state = 'intended', updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND attempt <= $6 AND sends = $8
             AND state IN ('intended', 'sending', 'unknown') RETURNING dry`,
    values: [...keyOf(call), round, call.attempt, runId, sends, dry],
  });
  return rows[0];
}

const MARK_SENDING = `
WITH stop AS (${toStopQuery(9)}), wait AS (${toWaitQuery(12)}), marked AS (
  UPDATE effects SET state = 'sending', sends = sends + 1, updated_at = now()
  WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND attempt = $6 AND run_id = $7 AND sends = $8
    AND state IN ('intended', 'sending', 'unknown') AND NOT dry AND NOT EXISTS (SELECT FROM stop) AND NOT EXISTS (SELECT FROM wait)
  RETURNING true
)
SELECT EXISTS (SELECT FROM marked) AS marked, stop.*, wait.* FROM (VALUES (1)) AS one LEFT JOIN stop ON true LEFT JOIN wait ON true`;

/**
 * Commits that the effect may happen from now on. Where it does not, the effect must not: an operator has stopped it, by a switch that
 * was committed before this began, its vendor has asked to be left alone, another attempt owns it, or has made it dry.
 */
export async function markSending(
  db: Queryable,
  {
    chain,
    adapter,
    call,
    round,
    runId,
    sends,
  }: RowKey & {
    readonly chain: string;
    readonly adapter?: AdapterName | undefined;
    readonly runId: string;
    readonly sends: number;
  },
): Promise<SendClaim> {
  const { rows } = await db.query<{ readonly marked: boolean } & StopColumns & WaitColumns>({
    name: 'ledger.markSending',
    text: MARK_SENDING,
    values: [...keyOf(call), round, call.attempt, runId, sends, ...stopValues({ call, chain, adapter })],
  });
  const [row] = rows;
  if (row === undefined) throw new TypeError('ledger.markSending answers one row');
  return row.marked ? { sending: true } : { sending: false, stop: toStop(row), wait: toOpenWait(adapter, row) };
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

const SETTLE_AND_WAIT = `
WITH settled AS (
  UPDATE effects SET state = $6, result = NULL, detail = $7, updated_at = now()
  WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND sends = $8 AND state IN ('intended', 'sending', 'unknown')
), wish AS (SELECT $9::text AS adapter, $10::float8 AS ms)${KEEP_WAIT}`;

/**
 * Writes how a sending has ended whose vendor has asked to be left alone for so many milliseconds, and that it is: from the moment that
 * this is committed no worker marks an effect `sending` that goes out by the same adapter, until the time is over.
 */
export async function settleAndWait(
  db: Queryable,
  {
    call,
    round,
    sends,
    state,
    detail,
    adapter,
    retryAfterMs,
  }: RowKey & {
    readonly sends: number;
    readonly state: 'unknown' | 'intended';
    readonly detail: string;
    readonly adapter: AdapterName;
    readonly retryAfterMs: number;
  },
): Promise<void> {
  const values = [...keyOf(call), round, state, detail, sends, adapter, retryAfterMs];
  await db.query({ name: 'ledger.settleAndWait', text: SETTLE_AND_WAIT, values });
}
