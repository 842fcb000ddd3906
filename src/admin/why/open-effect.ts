import type { EffectRow } from '../../store/events.ts';
import type { RunRow } from '../../store/runs.ts';

/** The step that a run stands at by the ledger: its newest effect that has neither ended nor been undone. */
export function openEffect({
  run,
  effects,
}: {
  readonly run: Pick<RunRow, 'ledger' | 'round'>;
  readonly effects: readonly EffectRow[];
}): EffectRow | undefined {
  return effects.findLast(
    ({ ledger, round, state }) => ledger === run.ledger && round >= run.round && state !== 'done' && state !== 'undone',
  );
}
