import type { InboxDelivery } from '../contracts/inbox.ts';

/** A delivery of the batch whose body is looked for under other ids. */
export interface SameBodyGuard {
  /** Index of the delivery in the batch. */
  readonly at: number;
  readonly eventId: string;
  readonly refuse: boolean;
  /** True where no earlier delivery of the batch has the same body: this one claims it, unless it is claimed already. */
  readonly first: boolean;
}

/** Every delivery of the batch that is guarded, in order of receipt. */
export function toGuards(deliveries: readonly InboxDelivery[]): readonly SameBodyGuard[] {
  const seen = new Set<string>();
  return deliveries.flatMap(({ source, sameBody, bodySha256, events }, at) => {
    const eventId = events.find(({ idUnsigned }) => idUnsigned === true)?.eventId;
    if (sameBody === undefined || eventId === undefined) return [];
    const key = `${source}.${Buffer.from(bodySha256).toString('hex')}`; // neither part holds a dot
    const first = !seen.has(key);
    seen.add(key);
    return [{ at, eventId, refuse: sameBody === 'refuse', first }];
  });
}

/**
 * Claims each body for the first id that it comes under, and names those that come under another. `ON CONFLICT DO UPDATE` waits
 * for whoever claims the same body at the same time and then sees that claim, which no read of this statement's snapshot would.
 * Bodies are claimed in one order, so that two batches can never wait for each other in a ring.
 */
export const CLAIM_BODIES = `claimed AS (
  INSERT INTO signed_bodies AS b (source, body_sha256, event_id, received_at)
  SELECT d.source, substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32) AS body_sha256, c.event_id, d.received_at
  FROM unnest($36::int[], $37::text[]) AS c (delivery, event_id) JOIN d ON d.n = c.delivery
  ORDER BY d.source COLLATE "C", body_sha256
  ON CONFLICT (source, body_sha256) DO UPDATE SET
    event_id = CASE WHEN b.received_at < excluded.received_at - $41 * interval '1 day' THEN excluded.event_id ELSE b.event_id END,
    received_at = CASE WHEN b.received_at < excluded.received_at - $41 * interval '1 day' THEN excluded.received_at ELSE b.received_at END
  RETURNING source, body_sha256, event_id
), same AS (
  SELECT g.delivery, g.refuse, c.event_id AS same_as
  FROM unnest($38::int[], $39::text[], $40::boolean[]) AS g (delivery, event_id, refuse)
  JOIN d ON d.n = g.delivery
  JOIN claimed c ON c.source = d.source AND c.body_sha256 = substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32)
  WHERE c.event_id <> g.event_id
)`;

/** Where no delivery of the batch is guarded: nothing is claimed, and nothing is the same. */
export const CLAIM_NOTHING = `same AS (SELECT NULL::int AS delivery, NULL::boolean AS refuse, NULL::text AS same_as WHERE false)`;

/** The parameters of `CLAIM_BODIES`, from `$36` on: a claim counts for as many days as an event id is never accepted twice. */
export function guardColumns(guards: readonly SameBodyGuard[], dedupeDays: number): readonly unknown[] {
  const claims = guards.filter(({ first }) => first);
  return [
    claims.map(({ at }) => at + 1),
    claims.map(({ eventId }) => eventId),
    guards.map(({ at }) => at + 1),
    guards.map(({ eventId }) => eventId),
    guards.map(({ refuse }) => refuse),
    dedupeDays,
  ];
}
