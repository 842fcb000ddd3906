import { sha256 } from '../../contracts/ids.ts';
import { canonicalJson } from '../../contracts/json.ts';
import type { EffectRow, WholeEvent } from '../../store/events.ts';
import type { RunRow } from '../../store/runs.ts';
import { toRepeatedEffects } from './repeated-effects.ts';

/** What a replay of finished runs would do once more, and a fingerprint of all that this was judged by; or why it would do nothing. */
export type RepeatPreview =
  | { readonly ok: true; readonly runs: readonly RunRow[]; readonly effects: readonly EffectRow[]; readonly expect: string }
  | { readonly ok: false; readonly reason: string };

/**
 * The closed runs of an event, or the one of a chain, and the effects that starting them again would make once more. The fingerprint
 * changes with each change of any of these runs and of their ledgers, whatever the change is.
 */
export function toRepeatPreview({ runs, effects }: Pick<WholeEvent, 'runs' | 'effects'>, chain: string | undefined): RepeatPreview {
  const meant = runs.filter((run) => chain === undefined || run.chain === chain);
  const closed = meant.filter(({ state }) => state === 'done' || state === 'failed' || state === 'stopped');
  if (closed.length === 0) {
    const states = meant.map(({ chain: name, state }) => `${name} is ${state}`).join(', ') || 'no chain has taken it';
    return { ok: false, reason: `${states}; what is under way cannot be done again` };
  }
  const ledgers = new Set(closed.map(({ ledger }) => ledger));
  const judged = {
    runs: meant.map(({ chain: name, state, attempt, round }) => canonicalJson({ name, state, attempt, round })).sort(),
    effects: effects
      .filter(({ ledger }) => ledgers.has(ledger))
      .map(({ ledger, action, key, round, state, sends, attempt }) => canonicalJson({ ledger, action, key, round, state, sends, attempt }))
      .sort(),
  };
  const expect = sha256(canonicalJson(judged)).toString('hex');
  return { ok: true, runs: closed, effects: toRepeatedEffects(closed, effects), expect };
}
