import { HooklineError } from '../contracts/errors.ts';
import type { ActionCall } from '../contracts/run.ts';
import { toJson, type JsonValue } from '../contracts/json.ts';
import { claimUndo, forbidEffect, lockUndone, markUndone } from '../store/ledger-undo.ts';
import { claimEffect, settleEffect, type Effect, type LedgerCall } from '../store/ledger.ts';
import { transaction, type Pool, type Queryable, type Session } from '../store/pool.ts';
import { rehearse } from '../store/rehearse.ts';
import { findStop } from '../store/stops.ts';
import { ActionPaused } from './action-paused.ts';
import type { StateAction } from './define-agent.ts';
import { toEffectKey } from './effect-key.ts';

/** One performance of a state action. */
export interface StatePerformance extends LedgerCall {
  readonly action: StateAction<unknown, unknown>;
  /** The same, made of dry dependencies. */
  readonly dryAction: StateAction<unknown, unknown>;
  readonly input: unknown;
}

/** A result, and how it has come about. */
export interface Performed {
  readonly result: JsonValue;
  /** True where it was there before. */
  readonly fromLedger: boolean;
  /** True where nothing of it has reached the outside, nor our own tables. */
  readonly dry: boolean;
  /** The types of the entities that it would have changed, had not newer events written before. */
  readonly superseded: readonly string[];
}

/**
 * Performs a state action exactly once: the ledger's row and all that the action writes are one transaction, so that a
 * second performance finds the row and returns its result. When the answer to a commit is lost, the next attempt reads it back.
 * Of a dry one the ledger's row alone is committed. Throws `ActionPaused` while an operator has stopped it.
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

async function doOnce(db: Session, performance: StatePerformance): Promise<Performed> {
  const { effect, stop } = await claimEffect(db, performance);
  if (effect === undefined) throw new ActionPaused(stop);
  return effect.fresh ? runAndSettle(db, performance, effect) : fromLedger(finished(effect, performance), effect.dry);
}

async function undoOnce(db: Session, performance: StatePerformance, call: ActionCall & { readonly undoes: string }): Promise<Performed> {
  const { runId, inputSha256 } = performance;
  const stop = await findStop(db, performance);
  if (stop !== undefined) throw new ActionPaused(stop);
  const target = await lockOrForbid(db, { call, runId });
  // What never happened needs no undoing; the row that stands now keeps a late zombie of this run from doing it after all.
  if (target === 'forbidden') return { ...NOTHING, dry: false };
  if (target.attempt > call.attempt) throw fenced(call);
  const { round, dry } = target; // what was done dry is undone dry, whatever the settings say by now
  await markUndone(db, { call, runId, round });
  const before = await claimUndo(db, { call, round, runId, inputSha256, dry });
  if (before !== undefined) return fromLedger(before.result, before.dry);
  if (target.state !== 'undone') return runAndSettle(db, performance, { round, dry });
  await settleEffect(db, { call, round, sends: 0, state: 'done', result: null });
  return { ...NOTHING, dry };
}

const NOTHING = { result: null, fromLedger: false, superseded: [] } as const;

/** A result that was there before. */
export function fromLedger(result: JsonValue, dry: boolean): Performed {
  return { result, fromLedger: true, dry, superseded: [] };
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

async function runAndSettle(
  session: Session,
  { action, dryAction, input, call }: StatePerformance,
  { round, dry }: Pick<Effect, 'round' | 'dry'>,
): Promise<Performed> {
  const superseded: string[] = [];
  const run = ({ run: act }: StateAction<unknown, unknown>, db: Queryable): Promise<unknown> =>
    act(input, { db, call, effectKey: toEffectKey(call, round), onSuperseded: (entity) => void superseded.push(entity) });
  const output = await (dry ? rehearse(session, (db) => run(dryAction, db)) : run(action, session));
  const result = toJson(output);
  await settleEffect(session, { call, round, sends: 0, state: 'done', result });
  return { result, fromLedger: false, dry, superseded: dry ? [] : superseded };
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
