import type { VendorEntry } from '../facts.ts';
import { groupBy, isDone, toPlace, type JoinedEvent, type JoinedFacts } from '../join-facts.ts';
import type { Violation } from '../verdict.ts';

/** Each effect of a finished run has happened exactly once, nothing has without an event, and no hold stands of a run that has failed. */
export function checkEffects(joined: JoinedFacts): readonly Violation[] {
  const expectations = joined.events.flatMap((event) =>
    event.sent.expects.map(({ vendor, about }) => ({ event, vendor, place: toPlace(vendor, about) })),
  );
  return [...groupBy(expectations, ({ place }) => place)].flatMap(([place, wanting]) => {
    const events = wanting.map(({ event }) => event);
    const vendor = wanting[0]?.vendor;
    const done = joined.performed.get(place) ?? [];
    if (done.length > 0 && events.every(({ stored }) => stored.length === 0))
      return [{ rule: 'effect.stranger', about: place, detail: 'its event is not stored' }];
    const violation = vendor === 'stock' ? judgeHold(events, done) : judge(events, done, vendor === 'mail');
    return violation === undefined ? [] : [{ about: place, ...violation }];
  });
}

type Judgement = Pick<Violation, 'rule' | 'detail'> | undefined;

function judge(wanting: readonly JoinedEvent[], done: readonly VendorEntry[], isMail: boolean): Judgement {
  // a mail server looks at no key: each mail that it has taken is one in the mailbox
  const keyless = done.filter(({ key }) => key === '').length;
  const times = isMail ? done.length : keyless + new Set(done.filter(({ key }) => key !== '').map(({ key }) => key)).size;
  if (times > 1) return { rule: 'effect.doubled', detail: `done ${times} times` };
  return times === 0 && isOwed(wanting) ? { rule: 'effect.missing', detail: 'the run is done, the effect is not' } : undefined;
}

function judgeHold(wanting: readonly JoinedEvent[], held: readonly VendorEntry[]): Judgement {
  if (held.length === 0 && isOwed(wanting)) return { rule: 'effect.missing', detail: 'the run is done, and holds nothing' };
  const hasFailed = wanting.every(({ runs }) => runs.length > 0 && runs.every(({ state }) => state === 'failed'));
  return held.length > 0 && hasFailed ? { rule: 'stock.drift', detail: 'held for a run that has failed' } : undefined;
}

/** Of an effect that several events call for, any of them may be the one that does it: it is owed once all of them are done. */
function isOwed(wanting: readonly JoinedEvent[]): boolean {
  const stored = wanting.filter((event) => event.stored.length > 0);
  return stored.length > 0 && stored.every(isDone);
}
