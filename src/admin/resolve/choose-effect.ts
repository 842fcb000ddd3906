import type { EffectRow, WholeEvent } from '../../store/events.ts';
import type { EffectState } from '../../store/ledger.ts';
import { ApiError } from '../api/api-error.ts';
import { toPrintable } from '../printable.ts';

/** Which effect a person means. */
export interface EffectWish {
  /** `agent.action`. */
  readonly action: string;
  readonly key?: string | undefined;
  /** Only of this chain's run. */
  readonly chain?: string | undefined;
}

/** The unknown effect that is meant, or why there is nothing to resolve. */
export type ChosenEffect = { readonly ok: true; readonly effect: EffectRow } | { readonly ok: false; readonly reason: string };

const WHY_NOT: Readonly<Record<Exclude<EffectState, 'unknown'>, string>> = {
  done: 'it is done',
  undone: 'it was undone',
  intended: 'it has not happened: the next attempt of the run does it',
  sending: 'it is being sent, or its worker has died: the next attempt of the run finds out, and `hookline replay` asks for one',
};

/** The one unknown effect of an event that a wish means. Throws `api.notFound` where there is no such effect, `api.badRequest` where several are unknown. */
export function chooseEffect({ runs, effects }: Pick<WholeEvent, 'runs' | 'effects'>, { action, key, chain }: EffectWish): ChosenEffect {
  const ledgers = runs.filter((run) => chain === undefined || run.chain === chain).map(({ ledger }) => ledger);
  const meant = newestRounds(
    effects.filter((effect) => effect.action === action && (key === undefined || effect.key === key) && ledgers.includes(effect.ledger)),
  );
  const unknown = meant.filter(({ state }) => state === 'unknown');
  const [only] = unknown;
  if (only !== undefined && unknown.length === 1) return { ok: true, effect: only };
  if (only !== undefined) {
    const list = unknown.map((effect) => `${effect.ledger} ${effect.key}`).join(', ');
    const fix = `add \`--key\`, or \`--chain\`; unknown are: ${toPrintable(list)}`;
    throw new ApiError('api.badRequest', { expected: 'one effect', got: `\`${toPrintable(action)}\`, of which several are unknown`, fix });
  }
  const newest = meant.at(-1);
  if (newest === undefined || newest.state === 'unknown') throw notThere(effects, { action, key });
  return { ok: false, reason: WHY_NOT[newest.state] };
}

/** Of each effect the newest round: an older one is nobody's concern any more. */
function newestRounds(effects: readonly EffectRow[]): readonly EffectRow[] {
  const isOlder = (one: EffectRow): boolean =>
    effects.some((other) => other.ledger === one.ledger && other.key === one.key && other.round > one.round);
  return effects.filter((effect) => !isOlder(effect));
}

function notThere(effects: WholeEvent['effects'], { action, key }: EffectWish): ApiError {
  const known = effects.map((effect) => `\`${effect.action}\` with key \`${effect.key}\` (${effect.state})`);
  return new ApiError('api.notFound', {
    expected: 'an effect of the event',
    got: `\`${toPrintable(action)}\`${key === undefined ? '' : ` with key \`${toPrintable(key)}\``}`,
    fix: known.length === 0 ? 'it has none' : `it has ${toPrintable(known.join(', '))}`,
  });
}
