import type { EffectRow } from '../../store/events.ts';
import type { RunRow } from '../../store/runs.ts';
import { actionFacts } from '../../workflows/actions.gen.ts';
import type { ActionFacts } from '../../contracts/run.ts';

/**
 * The effects that a replay of runs would make once more: of each, its newest round, where it has happened or may have. What undoes
 * others, and what was undone, is not among them.
 */
export function toRepeatedEffects<Effect extends Pick<EffectRow, 'ledger' | 'action' | 'key' | 'round' | 'state'>>(
  runs: readonly Pick<RunRow, 'ledger'>[],
  effects: readonly Effect[],
): readonly Effect[] {
  const ledgers = new Set(runs.map(({ ledger }) => ledger));
  const newest = new Map<string, Effect>();
  for (const effect of effects) {
    const key = JSON.stringify([effect.ledger, effect.action, effect.key]);
    if (ledgers.has(effect.ledger) && effect.round >= (newest.get(key)?.round ?? 0)) newest.set(key, effect);
  }
  return [...newest.values()].filter(
    ({ action, state }) => !isUndo(action) && (state === 'done' || state === 'sending' || state === 'unknown'),
  );
}

function isUndo(action: string): boolean {
  const agents: Readonly<Record<string, Readonly<Record<string, ActionFacts>>>> = actionFacts;
  const [agent = '', name = ''] = action.split('.');
  return agents[agent]?.[name]?.undoes !== undefined;
}
