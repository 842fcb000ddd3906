import type { InboxDelivery } from '../contracts/inbox.ts';

type InboxEvent = InboxDelivery['events'][number];

/** One mention of an event by a delivery of the batch. */
export interface EventMention {
  readonly delivery: InboxDelivery;
  /** Index of the delivery in the batch. */
  readonly at: number;
  readonly event: InboxEvent;
  /** True where no earlier mention of the batch names the same event: this one is inserted, unless it is in the table. */
  readonly first: boolean;
}

/** Every mention of the batch in order of receipt; those of one event are collapsed to the first. */
export function toMentions(deliveries: readonly InboxDelivery[]): readonly EventMention[] {
  const seen = new Set<string>();
  return deliveries.flatMap((delivery, at) =>
    delivery.events.map((event) => {
      const key = `${delivery.source}.${event.eventId}`; // neither part holds a dot
      const first = !seen.has(key);
      seen.add(key);
      return { delivery, at, event, first };
    }),
  );
}
