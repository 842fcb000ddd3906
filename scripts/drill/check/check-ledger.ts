import type { Facts, VendorEntry } from '../facts.ts';
import { groupBy, isDone, toPlace, type JoinedEvent, type JoinedFacts } from '../join-facts.ts';
import type { Violation } from '../verdict.ts';

/** Actions whose `done` a vendor has seen. A profile for the CRM may have been overtaken, and then nothing is sent. */
const SEEN_OUTSIDE = new Set([
  'email.sendOrderConfirmation',
  'email.sendTicketEscalated',
  'email.sendWelcome',
  'fulfilment.notifyWarehouse',
  'support.tellTeam',
]);

/** Ledger and vendors agree: no effect under a key that no event has, no key with two bodies, no `done` that nobody has seen, nothing left open. */
export function checkLedger(facts: Facts, joined: JoinedFacts): readonly Violation[] {
  const seen = new Set(facts.vendors.filter(({ performed }) => performed).map(({ key }) => key));
  return [
    ...judgeKeys(facts),
    ...judgeStrangers(facts, joined),
    ...judgeOrphans(facts),
    ...joined.events.flatMap((event) => judgeRows(event, seen)),
    ...judgeStock(facts),
  ];
}

function judgeKeys({ vendors }: Facts): readonly Violation[] {
  const keyed = groupBy(
    vendors.filter(({ key }) => key !== ''),
    ({ vendor, key }) => toPlace(vendor, key),
  );
  return [...keyed]
    .filter(([, entries]) => new Set(entries.map(({ bodySha256 }) => bodySha256)).size > 1)
    .map(([about]) => ({ rule: 'effect.changed', about, detail: 'one key, several bodies' }));
}

function judgeStrangers({ vendors }: Facts, { events, ledger }: JoinedFacts): readonly Violation[] {
  const expected = new Set(events.flatMap(({ sent }) => sent.expects.map(({ vendor, about }) => toPlace(vendor, about))));
  const customers = new Set(events.map(({ sent }) => sent.entity.id));
  const isStrange = ({ vendor, key, about }: VendorEntry): boolean =>
    (key !== '' && !ledger.has(key)) || (vendor === 'crm' ? !customers.has(about) : !expected.has(toPlace(vendor, about)));
  return vendors
    .filter(isStrange)
    .map(({ vendor, about }) => ({ rule: 'effect.stranger', about: toPlace(vendor, about), detail: 'no event calls for it' }));
}

function judgeOrphans({ events, effects }: Facts): readonly Violation[] {
  const known = new Set(events.map(({ uuid }) => uuid));
  return effects
    .filter(({ eventUuid }) => !known.has(eventUuid))
    .map(({ eventUuid, action }) => ({ rule: 'effect.stranger', about: eventUuid, detail: `${action} in the ledger, and no such event` }));
}

function judgeRows(event: JoinedEvent, seen: ReadonlySet<string>): readonly Violation[] {
  const { sent, effects } = event;
  return effects.flatMap(({ action, state, outsideKey }): readonly Violation[] => {
    if (state === 'done' && SEEN_OUTSIDE.has(action) && !seen.has(outsideKey))
      return [{ rule: 'effect.phantom', about: sent.id, detail: `${action} is done, and nobody has seen it` }];
    const isOpen = state !== 'done' && state !== 'undone';
    return isOpen && isDone(event) ? [{ rule: 'effect.open', about: sent.id, detail: `the run is done, ${action} is ${state}` }] : [];
  });
}

function judgeStock({ stock: { initial, available, held } }: Facts): readonly Violation[] {
  if (initial === available + held) return [];
  return [{ rule: 'stock.drift', about: 'stock', detail: `${initial} pieces at the start, ${available} free and ${held} held now` }];
}
