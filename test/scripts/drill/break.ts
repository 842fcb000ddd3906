import type { Facts } from '../../../scripts/drill/facts.ts';
import type { Rule } from '../../../scripts/drill/verdict.ts';

/** A way to change the facts of a drill that held, and the rule that must then be broken. */
export interface Break {
  readonly rule: Rule;
  readonly what: string;
  readonly change: (facts: Facts) => Facts;
}

/** The first of a list that is as wanted; facts without one cannot be broken this way. */
export function first<Item>(items: readonly Item[], isWanted: (item: Item) => boolean): Item {
  const found = items.find(isWanted);
  if (found === undefined) throw new Error('these facts hold nothing of the kind');
  return found;
}

/** What an answer holds that is of no matter to a break. */
export const POSTED = { atMs: 0, tookMs: 1, port: 1 } as const;

/** The internal id of a sender's event. */
export const uuidOf = (facts: Facts, id: string): string => first(facts.events, (event) => event.id === id).uuid;

/** Whether a run is the done one of an event. */
export const isRunOf = (facts: Facts, run: Facts['runs'][number], id: string): boolean =>
  run.eventUuid === uuidOf(facts, id) && run.state === 'done';

/** An order whose run is done. */
export const orderOf = (facts: Facts) =>
  first(facts.sent, ({ chain, id }) => chain === 'new-order' && facts.runs.some((run) => isRunOf(facts, run, id)));

/** A run that is done, at its first attempt. */
export const doneRun = (facts: Facts): Facts['runs'][number] =>
  first(facts.runs, ({ state, attempt, startedAtMs }) => state === 'done' && attempt === 1 && startedAtMs !== null);
