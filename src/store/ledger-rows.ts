import type { ActionCall } from '../contracts/run.ts';
import type { JsonValue } from '../contracts/json.ts';

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
  /** True where it is performed without reaching the outside, or our own tables; settled when the row is made. */
  readonly dry: boolean;
}

/** The call, the Temporal run that makes it, and the hash of its input. */
export interface LedgerCall {
  readonly call: ActionCall;
  /** The run's workflow type. */
  readonly chain: string;
  readonly runId: string;
  readonly inputSha256: Buffer;
  /** Whether a row that this call makes is dry. */
  readonly dry: boolean;
}

/** Which row: the call's key and a round. */
export interface RowKey {
  readonly call: ActionCall;
  readonly round: number;
}

/** Columns of an effect, in the order in which statements name them. */
export const EFFECT_COLUMNS = 'round, state, attempt, run_id, input_sha256, result, sends, dry';

/** What `toEffect` takes: `EFFECT_COLUMNS`, and whether the row is new. */
export interface EffectColumns {
  readonly fresh: boolean;
  readonly round: number;
  readonly state: EffectState;
  readonly attempt: number;
  readonly run_id: string;
  readonly input_sha256: Buffer | null;
  readonly result: JsonValue;
  readonly sends: number;
  readonly dry: boolean;
}

/** Makes an effect of its columns. */
export function toEffect(row: EffectColumns): Effect {
  return {
    fresh: row.fresh,
    round: row.round,
    state: row.state,
    attempt: row.attempt,
    runId: row.run_id,
    inputSha256: row.input_sha256,
    result: row.result,
    sends: row.sends,
    dry: row.dry,
  };
}

/** The four columns of a call's key; the round is the fifth. */
export function keyOf(call: ActionCall): readonly [string, string, string, string] {
  return [call.eventUuid, call.ledger, call.action, call.key];
}
