import type { Facts } from '../facts.ts';
import type { JoinedEvent, JoinedFacts } from '../join-facts.ts';
import type { Violation } from '../verdict.ts';

/** Every acknowledged event is stored, once, and goes to its chain; nothing is stored that nobody has sent; all is acknowledged at last. */
export function checkEvents({ sent, events, switches }: Facts, joined: JoinedFacts): readonly Violation[] {
  const known = new Set(sent.map(({ id }) => id));
  const holds = switches.some((one) => one.startsWith('hold'));
  return [
    ...joined.events.flatMap((event) => judge(event, holds)),
    ...events
      .filter(({ id }) => !known.has(id))
      .map(({ id }): Violation => ({ rule: 'event.stranger', about: id, detail: 'nobody has sent it' })),
  ];
}

function judge({ sent, acknowledged, stored }: JoinedEvent, holds: boolean): readonly Violation[] {
  const { id } = sent;
  const violations: Violation[] = [];
  if (!acknowledged) violations.push({ rule: 'event.unacknowledged', about: id, detail: 'never acknowledged, however often it was sent' });
  if (acknowledged && stored.length === 0)
    violations.push({ rule: 'event.lost', about: id, detail: 'acknowledged, and not in the database' });
  if (stored.length > 1) violations.push({ rule: 'event.doubled', about: id, detail: `stored ${stored.length} times` });
  for (const { state, code } of stored)
    if (state !== 'routed' && !(state === 'held' && holds))
      violations.push({ rule: 'event.notRouted', about: id, detail: `${state}, ${code ?? 'no code'}` });
  return violations;
}
