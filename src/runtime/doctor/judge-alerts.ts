import { bad, good, type Finding } from './finding.ts';

/** Whether anybody is told when something needs a person. */
export function judgeAlerts({
  mailTo,
  url,
}: {
  readonly mailTo: readonly string[] | undefined;
  readonly url: string | undefined;
}): Finding {
  const check = 'alerts';
  const ways = [...(mailTo === undefined ? [] : ['mailed']), ...(url === undefined ? [] : ['posted'])];
  if (ways.length > 0) return good(check, `are ${ways.join(' and ')}`);
  const found = 'nobody is told when a run fails, a source is silent or an effect is unknown';
  return bad('info', { check, found, fix: 'set `alerts.mailTo` or `alerts.url`, or watch the metrics' });
}
