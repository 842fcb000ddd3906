import type { Facts, SentEvent, StoredEffect, StoredEvent, StoredRun, VendorEntry } from './facts.ts';

/** A sent event with everything that came of it. */
export interface JoinedEvent {
  readonly sent: SentEvent;
  /** Whether any try was answered 2xx. */
  readonly acknowledged: boolean;
  /** More than one is one too many. */
  readonly stored: readonly StoredEvent[];
  readonly runs: readonly StoredRun[];
  readonly effects: readonly StoredEffect[];
}

/** Facts by what belongs together. */
export interface JoinedFacts {
  readonly events: readonly JoinedEvent[];
  /** Vendor and subject → what the vendor has done about it, in order. */
  readonly performed: ReadonlyMap<string, readonly VendorEntry[]>;
  /** Key seen outside → rows of the ledger that it belongs to. */
  readonly ledger: ReadonlyMap<string, StoredEffect>;
}

/** Joins what senders were told with what PostgreSQL and the vendors hold. */
export function joinFacts({ sent, answers, events, runs, effects, vendors }: Facts): JoinedFacts {
  const acknowledged = new Set(
    answers.filter(({ status }) => status !== null && status >= 200 && status < 300).map(({ eventId }) => eventId),
  );
  const storedById = groupBy(events, ({ id }) => id);
  const runsByUuid = groupBy(runs, ({ eventUuid }) => eventUuid);
  const effectsByUuid = groupBy(effects, ({ eventUuid }) => eventUuid);
  return {
    events: sent.map((one) => {
      const stored = storedById.get(one.id) ?? [];
      return {
        sent: one,
        acknowledged: acknowledged.has(one.id),
        stored,
        runs: stored.flatMap(({ uuid }) => runsByUuid.get(uuid) ?? []),
        effects: stored.flatMap(({ uuid }) => effectsByUuid.get(uuid) ?? []),
      };
    }),
    performed: groupBy(
      vendors.filter(({ performed }) => performed),
      ({ vendor, about }) => toPlace(vendor, about),
    ),
    ledger: new Map(effects.map((effect) => [effect.outsideKey, effect])),
  };
}

/** States of runs that are neither done nor given up. */
export const OPEN: ReadonlySet<string> = new Set(['pending', 'started', 'repair_requested']);

/** One text for a vendor and a subject of it. */
export function toPlace(vendor: string, about: string): string {
  return `${vendor} ${about}`;
}

/** Whether every run of an event is done, and there is one. */
export function isDone({ runs }: Pick<JoinedEvent, 'runs'>): boolean {
  return runs.length > 0 && runs.every(({ state }) => state === 'done');
}

/** Items by a text of each, in their order. */
export function groupBy<Item>(items: readonly Item[], toText: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const text = toText(item);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [item]);
    else group.push(item);
  }
  return groups;
}
