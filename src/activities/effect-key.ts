import { sha256 } from '../contracts/ids.ts';
import type { ActionCall } from '../contracts/run.ts';
import { canonicalJson } from '../contracts/json.ts';

/** An effect's key for the outside: the same in each attempt and repair, another in each round; 43 characters, base64url. */
export function toEffectKey(call: ActionCall, round: number): string {
  return sha256([call.eventUuid, call.ledger, call.action, call.key, round].join('|')).toString('base64url');
}

/** The hash by which the ledger tells that a key stands for another input than before. */
export function hashInput(input: unknown): Buffer {
  return sha256(canonicalJson(input ?? null));
}
