import type { Facts } from '../facts.ts';
import { listResets } from '../measure/list-resets.ts';
import type { Violation } from '../verdict.ts';

/** Supervisors kill what has not ended after 10 to 30 s. */
const MOST_MS = 10_000;

/** A process that is asked to end has ended within 10 s, and cuts off no sender who is under way. */
export function checkStops(facts: Pick<Facts, 'answers' | 'outages'>): readonly Violation[] {
  const slow = facts.outages.flatMap(({ name, how, fromMs, goneMs }): readonly Violation[] => {
    if (how !== 'stop' || (goneMs !== null && goneMs - fromMs <= MOST_MS)) return [];
    return [{ rule: 'stop.slow', about: name, detail: goneMs === null ? 'never ended' : `ended after ${Math.round(goneMs - fromMs)} ms` }];
  });
  return [
    ...slow,
    ...listResets(facts).map(({ eventId, told }): Violation => ({
      rule: 'stop.reset',
      about: eventId,
      detail: `${told} from an ingress that ended`,
    })),
  ];
}
