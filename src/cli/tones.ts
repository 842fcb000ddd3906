import type { DeliveryOutcome, EventState, RunState } from '../contracts/webhook.ts';
import type { EffectState } from '../store/ledger.ts';
import type { Cell, Tone } from './table.ts';

const TONES: Readonly<Record<DeliveryOutcome | EventState | RunState | EffectState, Tone>> = {
  accepted: 'good',
  routed: 'good',
  done: 'good',
  duplicate: 'faint',
  ignored: 'faint',
  undone: 'faint',
  held: 'busy',
  pending: 'busy',
  started: 'busy',
  repair_requested: 'busy',
  intended: 'busy',
  sending: 'busy',
  quarantined: 'bad',
  refused: 'bad',
  failed: 'bad',
  stopped: 'bad',
  unknown: 'bad',
};

/** A state as a cell: green for what is well, yellow for what is under way, red for what wants a person. */
export function toStateCell(state: keyof typeof TONES): Cell {
  return { text: state, tone: TONES[state] };
}

/** The state of a run as a cell; one that does not go on says so. */
export function toRunCell({ state, stuckSince }: { readonly state: RunState; readonly stuckSince: Date | null }): Cell {
  return stuckSince === null ? toStateCell(state) : { text: `${state}, stuck`, tone: 'bad' };
}

/** The state of an effect as a cell; one of test traffic says that it has reached nothing. */
export function toEffectCell({ state, dry }: { readonly state: EffectState; readonly dry: boolean }): Cell {
  return { text: dry ? `${state} (dry)` : state, tone: TONES[state] };
}
