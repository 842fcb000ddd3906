import type { AlertFindings } from '../../store/alert-findings.ts';
import type { AlertKey, StandingAlert } from '../../store/alerts.ts';

/** What has become of the alerts that stood. */
export interface StandingDecision {
  /** All that stand now, the new ones last. */
  readonly standing: readonly StandingAlert[];
  /** Those of them that did not stand before. */
  readonly raised: readonly StandingAlert[];
  readonly over: readonly StandingAlert[];
}

/** What stood before, and what was found. */
export interface StandingFacts {
  readonly before: readonly StandingAlert[];
  readonly findings: AlertFindings;
  readonly now: Date;
  /** For how long nothing must have been found until an alert is over. */
  readonly clearAfterMs: number;
}

/**
 * Decides what stands: an alert stands from when it is first found until it was not found for `clearAfterMs`, so that what comes and
 * goes within that time is one alert. One whose rule could not be looked at stays as it is.
 */
export function decideStanding({ before, findings: { found, looked }, now, clearAfterMs }: StandingFacts): StandingDecision {
  const foundByKey = new Map(found.map((finding) => [toAlertKey(finding), finding]));
  const known = new Set(before.map(toAlertKey));
  const next = before.map((alert) => {
    const finding = foundByKey.get(toAlertKey(alert));
    return finding === undefined ? alert : { ...alert, seenAt: now, count: finding.count };
  });
  const isOver = ({ rule, seenAt }: StandingAlert): boolean => looked.has(rule) && now.getTime() - seenAt.getTime() >= clearAfterMs;
  const raised = found
    .filter((finding) => !known.has(toAlertKey(finding)))
    .map(({ rule, target, count }) => ({ rule, target, count, since: now, seenAt: now }));
  return { standing: [...next.filter((alert) => !isOver(alert)), ...raised], raised, over: next.filter(isOver) };
}

/** One text for an alert's rule and target. */
export function toAlertKey({ rule, target }: AlertKey): string {
  return `${rule} ${target}`;
}
