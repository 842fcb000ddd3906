import type { AlertItem } from '../../store/alert-messages.ts';
import { ALERT_RULES } from '../../store/alerts.ts';
import type { AlertFinding, AlertTelling, StandingAlert } from '../../store/alerts.ts';
import { toAlertKey } from './decide-standing.ts';

/** What stands, and what one receiver knows of it. */
export interface ItemFacts {
  readonly standing: readonly StandingAlert[];
  /** What the look has found, for the details. */
  readonly found: readonly AlertFinding[];
  readonly tellings: readonly AlertTelling[];
  readonly now: Date;
  readonly remindAfterMs: number;
}

/** How many times more things than were told are news. */
const GROWTH = 10;

/**
 * Decides what a receiver is told: each alert once while it stands, and again when it stands for ten times as much as was told, or
 * after `remindAfterMs`; its end once, where it was told. An alert that this look has not found is left alone: it may be about to end.
 */
export function decideItems({ standing, found, tellings, now, remindAfterMs }: ItemFacts): readonly AlertItem[] {
  const details = new Map(found.map((finding) => [toAlertKey(finding), finding.detail]));
  const told = new Map(tellings.map((telling) => [toAlertKey(telling), telling]));
  const raised = standing.flatMap((alert): AlertItem[] => {
    const state = alert.seenAt.getTime() === now.getTime() ? toState(alert, told.get(toAlertKey(alert)), { now, remindAfterMs }) : null;
    return state === null ? [] : [toItem(alert, state, details.get(toAlertKey(alert)) ?? null)];
  });
  const stands = new Set(standing.map(toAlertKey));
  const over = tellings
    .filter((telling) => !stands.has(toAlertKey(telling)))
    .map(({ toldCount, ...telling }) => toItem({ ...telling, count: toldCount }, 'over', null));
  return [...inOrder(raised), ...inOrder(over)];
}

function toState(
  { count }: StandingAlert,
  telling: AlertTelling | undefined,
  { now, remindAfterMs }: Pick<ItemFacts, 'now' | 'remindAfterMs'>,
): Exclude<AlertItem['state'], 'over'> | null {
  if (telling === undefined) return 'new';
  if (count >= GROWTH * telling.toldCount) return 'grown';
  return now.getTime() - telling.toldAt.getTime() >= remindAfterMs ? 'standing' : null;
}

function toItem(
  { rule, target, since, count }: Pick<StandingAlert, 'rule' | 'target' | 'since' | 'count'>,
  state: AlertItem['state'],
  detail: string | null,
): AlertItem {
  return { rule, target, since: since.toISOString(), count, state, detail };
}

function inOrder(items: readonly AlertItem[]): readonly AlertItem[] {
  return ALERT_RULES.flatMap((rule) => items.filter((item) => item.rule === rule));
}
