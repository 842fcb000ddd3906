import type { ActionCall } from '../contracts/run.ts';
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

/** A call of an action that undoes another, and the Temporal run that makes it. */
interface UndoCall {
  readonly call: ActionCall & { readonly undoes: string };
  readonly runId: string;
}

/** Finds the newest round of the effect that `call` undoes, and locks it; `undefined` where it never happened. */
export async function lockUndone(db: Queryable, call: ActionCall & { readonly undoes: string }): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectColumns>({
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
  { call, round, runId, inputSha256, dry }: Omit<LedgerCall, 'chain'> & { readonly round: number },
): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectColumns>({
    name: 'ledger.claimUndo',
    text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, input_sha256, dry)
           VALUES ($1, $2, $3, $4, $5, 'intended', $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING true AS fresh, ${COLUMNS}`,
    values: [...keyOf(call), round, call.attempt, runId, inputSha256, dry],
  });
  return rows[0] === undefined ? findEffect(db, { call, round }) : undefined;
}

/** The row of one round. */
async function findEffect(db: Queryable, { call, round }: RowKey): Promise<Effect | undefined> {
  const { rows } = await db.query<EffectColumns>({
    name: 'ledger.find',
    text: `SELECT false AS fresh, ${COLUMNS} FROM effects WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5`,
    values: [...keyOf(call), round],
  });
  return rows[0] === undefined ? undefined : toEffect(rows[0]);
}
