import { HooklineError } from '../contracts/errors.ts';
import type { ActionCall } from '../contracts/run.ts';
import { toJson, type JsonValue } from '../contracts/json.ts';
import {
  claimEffect,
  claimUndo,
  forbidEffect,
  lockUndone,
  markUndone,
  settleEffect,
  type Effect,
  type LedgerCall,
} from '../store/ledger.ts';
import { transaction, type Pool, type Queryable } from '../store/pool.ts';
import type { StateAction } from './define-agent.ts';
import { toEffectKey } from './effect-key.ts';

/** One performance of a state action. */
export interface StatePerformance extends LedgerCall {
  readonly action: StateAction<unknown, unknown>;
  readonly input: unknown;
}

/** A result, and whether it comes from the ledger. */
export interface Performed {
  readonly result: JsonValue;
  readonly fromLedger: boolean;
}

/**
 * Performs a state action exactly once: the ledger's row and all that the action writes are one transaction, so that a
 * second performance finds the row and returns its result. When the answer to a commit is lost, the next attempt reads it back.
 */
export async function performState(pool: Pool, performance: StatePerformance): Promise<Performed> {
  const { call } = performance;
  return transaction(
    pool,
    async (db) => (call.undoes === undefined ? doOnce(db, performance) : undoOnce(db, performance, { ...call, undoes: call.undoes })),
    STATE_TRANSACTION,
  );
}

/** PostgreSQL cancels a statement before Temporal gives the attempt up, so that no late commit can follow. */
const STATE_TRANSACTION = { statementTimeoutMs: 1_500 } as const;

async function doOnce(db: Queryable, performance: StatePerformance): Promise<Performed> {
  const effect = await claimEffect(db, performance);
  if (!effect.fresh) return { result: finished(effect, performance), fromLedger: true };
  return { result: await runAndSettle(db, performance, effect.round), fromLedger: false };
}

async function undoOnce(db: Queryable, performance: StatePerformance, call: ActionCall & { readonly undoes: string }): Promise<Performed> {
  const { runId, inputSha256 } = performance;
  const target = await lockOrForbid(db, { call, runId });
  // What never happened needs no undoing; the row that stands now keeps a late zombie of this run from doing it after all.
  if (target === 'forbidden') return { result: null, fromLedger: false };
  if (target.attempt > call.attempt) throw fenced(call);
  const { round } = target;
  await markUndone(db, { call, runId, round });
  const before = await claimUndo(db, { call, round, runId, inputSha256 });
  if (before !== undefined) return { result: before.result, fromLedger: true };
  if (target.state === 'undone') return settleNothing(db, call, round);
  return { result: await runAndSettle(db, performance, round), fromLedger: false };
}

async function lockOrForbid(
  db: Queryable,
  undo: { readonly call: ActionCall & { readonly undoes: string }; readonly runId: string },
): Promise<Effect | 'forbidden'> {
  for (;;) {
    const target = await lockUndone(db, undo.call);
    if (target !== undefined) return target;
    if (await forbidEffect(db, undo)) return 'forbidden';
  }
}

async function settleNothing(db: Queryable, call: ActionCall, round: number): Promise<Performed> {
  await settleEffect(db, { call, round, sends: 0, state: 'done', result: null });
  return { result: null, fromLedger: false };
}

async function runAndSettle(db: Queryable, { action, input, call }: StatePerformance, round: number): Promise<JsonValue> {
  const output = await action.run(input, { db, call, effectKey: toEffectKey(call, round) });
  const result = toJson(output);
  await settleEffect(db, { call, round, sends: 0, state: 'done', result });
  return result;
}

/** The result of an effect that was there before, or the reason why there is none. */
export function finished(effect: Effect, { call, runId, inputSha256 }: LedgerCall): JsonValue {
  if (effect.state === 'undone')
    throw effect.runId === runId ? new HooklineError('ledger.undone', { where: `\`${call.action}\`` }) : fenced(call);
  requireSameInput(effect, call, inputSha256);
  if (effect.state !== 'done')
    throw new HooklineError('bug.unexpected', { got: `a committed row in state \`${effect.state}\``, where: `\`${call.action}\`` });
  return effect.result;
}

/** Stops the run when one key stands for two inputs: the chain's order of calls has changed under a live run. */
export function requireSameInput(effect: Effect, call: ActionCall, inputSha256: Buffer): void {
  if (effect.inputSha256 === null || effect.inputSha256.equals(inputSha256)) return;
  throw new HooklineError('ledger.inputChanged', {
    expected: 'the input of the first attempt',
    got: 'another',
    where: `\`${call.action}\`, key \`${call.key}\``,
  });
}

/** A later attempt owns the effect. */
export function fenced(call: ActionCall): HooklineError {
  return new HooklineError('effect.fenced', { got: `attempt ${call.attempt}`, where: `\`${call.action}\`, key \`${call.key}\`` });
}
