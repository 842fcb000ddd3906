import type { InboxDelivery } from '../contracts/inbox.ts';
import { toOffsets, toTimestamp } from './columns.ts';
import { toDataText } from './event-data.ts';
import type { EventMention } from './inbox-batch.ts';
import { CLAIM_BODIES, CLAIM_NOTHING, guardColumns, toGuards } from './inbox-same-body.ts';
import type { Queryable } from './pool.ts';

// One statement is one transaction and one fsync. Events go in sorted, so that two batches can never wait for each other
// in a ring; runs go in by order of receipt, which their identity column keeps. Bodies travel as one binary value: as
// elements of an array they would be written in hex.
const toInsert = (same: string): string => `
WITH d AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::json[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[])
    WITH ORDINALITY AS t (id, source, provider, received_at, remote_address, headers, body_from, body_bytes, secret_index, cause, detail, n)
), ${same}, added AS (
  INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at,
                      test, state, cause, detail, data, schema_version, delivery_id, body_sha256, same_body_as)
  SELECT e.uuid, d.source, e.event_id, e.provider_id, d.provider, e.provider_type, e.type, e.entity_type, e.entity_id, e.occurred_at, d.received_at,
         e.test, e.state, e.cause, e.detail, e.data, e.schema_version, d.id, substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), same.same_as
  FROM unnest($14::int[], $15::uuid[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[],
              $23::boolean[], $24::text[], $25::text[], $26::text[], $27::json[], $28::int[])
    AS e (delivery, uuid, event_id, provider_id, provider_type, type, entity_type, entity_id, occurred_at, test, state, cause, detail, data, schema_version)
  JOIN d ON d.n = e.delivery LEFT JOIN same ON same.delivery = e.delivery
  WHERE NOT coalesce(same.refuse, false)
  ORDER BY d.source COLLATE "C", e.event_id COLLATE "C"
  ON CONFLICT (source, event_id) DO NOTHING
  RETURNING uuid, state
), ran AS (
  INSERT INTO runs (event_uuid, chain, workflow_id, ledger)
  SELECT r.event_uuid, r.chain, r.workflow_id, r.ledger
  FROM unnest($29::uuid[], $30::text[], $31::text[], $32::text[]) WITH ORDINALITY AS r (event_uuid, chain, workflow_id, ledger, n)
  WHERE r.event_uuid IN (SELECT uuid FROM added)
  ORDER BY r.n
), judged AS (
  SELECT m.delivery, array_agg(m.event_id ORDER BY m.n) AS event_ids,
         min(CASE a.state WHEN 'routed' THEN 1 WHEN 'quarantined' THEN 2 WHEN 'held' THEN 3 WHEN 'ignored' THEN 4 ELSE 5 END) AS rank
  FROM unnest($33::int[], $34::text[], $35::uuid[]) WITH ORDINALITY AS m (delivery, event_id, uuid, n)
  LEFT JOIN added a ON a.uuid = m.uuid
  GROUP BY m.delivery
), kept AS (
  INSERT INTO deliveries (id, source, received_at, remote_address, headers, body, body_sha256, body_bytes, outcome, http_status, cause, detail,
                          event_ids, secret_index)
  SELECT d.id, d.source, d.received_at, d.remote_address, d.headers, substring($12::bytea FROM d.body_from FOR d.body_bytes),
         substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), d.body_bytes,
         CASE WHEN same.refuse THEN 'refused' ELSE (ARRAY['accepted', 'quarantined', 'held', 'ignored', 'duplicate'])[j.rank] END,
         CASE WHEN same.refuse THEN 400 ELSE 200 END,
         CASE WHEN same.refuse THEN 'event.bodyReplayed' WHEN j.rank = 2 THEN d.cause WHEN same.delivery IS NOT NULL THEN 'event.sameBody' END,
         CASE WHEN j.rank = 2 AND NOT coalesce(same.refuse, false) THEN d.detail
              WHEN same.delivery IS NOT NULL THEN 'the body is that of event ' || same.same_as END,
         j.event_ids, d.secret_index
  FROM d JOIN judged j ON j.delivery = d.n LEFT JOIN same ON same.delivery = d.n
)
SELECT coalesce(string_agg(uuid::text, ','), '') AS added,
       (SELECT coalesce(string_agg(delivery || ':' || same_as, ','), '') FROM same) AS same
FROM added`;
const PLAIN = toInsert(CLAIM_NOTHING);
const GUARDED = toInsert(CLAIM_BODIES);

/** What is written in one statement. */
export interface InboxBatch {
  readonly deliveries: readonly InboxDelivery[];
  readonly mentions: readonly EventMention[];
  /** For how many days a body under another id is told. */
  readonly dedupeDays: number;
}

/** What a batch has become. */
export interface Inserted {
  /** The UUIDs of the events that are new. */
  readonly added: ReadonlySet<string>;
  /** Index of a delivery whose body was taken before under another id → that event's id. */
  readonly sameBodyAs: ReadonlyMap<number, string>;
}

/**
 * Writes deliveries, their new events and the runs of these in one statement. Any mention whose event is not new is a duplicate: of
 * an earlier mention, or of an event that was there, or that another process has just committed. A guarded delivery whose body was
 * taken before under another id is marked, or where it wants that, refused: then none of its events is written.
 */
export async function insertBatch(db: Queryable, { deliveries, mentions, dedupeDays }: InboxBatch): Promise<Inserted> {
  const guards = toGuards(deliveries);
  const isGuarded = guards.length > 0;
  const { rows } = await db.query<{ readonly added: string; readonly same: string }>({
    name: isGuarded ? 'inbox.insertGuarded' : 'inbox.insert',
    text: isGuarded ? GUARDED : PLAIN,
    values: [
      ...deliveryColumns(deliveries),
      ...eventColumns(mentions.filter(({ first }) => first)),
      ...mentionColumns(mentions),
      ...(isGuarded ? guardColumns(guards, dedupeDays) : []),
    ],
  });
  const { added = '', same = '' } = rows[0] ?? {};
  return { added: new Set(added.split(',')), sameBodyAs: toSameBodies(same) };
}

/** `3:evt_1,7:evt_2`; an event's id is normalised, and holds neither of the signs. */
function toSameBodies(text: string): ReadonlyMap<number, string> {
  const pairs = text === '' ? [] : text.split(',');
  return new Map(
    pairs.map((pair) => {
      const [delivery = '', eventId = ''] = pair.split(':');
      return [Number(delivery) - 1, eventId];
    }),
  );
}

function deliveryColumns(deliveries: readonly InboxDelivery[]): readonly unknown[] {
  const complaints = deliveries.map(({ events }) => events.find(({ state }) => state === 'quarantined'));
  const bytes = deliveries.map(({ body }) => body.length);
  return [
    deliveries.map(({ id }) => id),
    deliveries.map(({ source }) => source),
    deliveries.map(({ provider }) => provider),
    deliveries.map(({ receivedAt }) => toTimestamp(receivedAt)),
    deliveries.map(({ remoteAddress }) => remoteAddress),
    deliveries.map(({ headers }) => JSON.stringify(headers)),
    toOffsets(bytes),
    bytes,
    deliveries.map(({ secretIndex }) => secretIndex),
    complaints.map((event) => event?.code),
    complaints.map((event) => event?.detail),
    Buffer.concat(deliveries.map(({ body }) => body)),
    Buffer.concat(deliveries.map(({ bodySha256 }) => bodySha256)),
  ];
}

function eventColumns(mentions: readonly EventMention[]): readonly unknown[] {
  const routes = mentions.flatMap(({ event }) => event.routes.map((route) => ({ ...route, uuid: event.uuid })));
  return [
    mentions.map(({ at }) => at + 1),
    mentions.map(({ event }) => event.uuid),
    mentions.map(({ event }) => event.eventId),
    mentions.map(({ event }) => event.providerId),
    mentions.map(({ event }) => event.providerType),
    mentions.map(({ event }) => event.type),
    mentions.map(({ event }) => event.entity?.type),
    mentions.map(({ event }) => event.entity?.id),
    mentions.map(({ event }) => toTimestamp(event.occurredAt)),
    mentions.map(({ event }) => event.test),
    mentions.map(({ event }) => event.state),
    mentions.map(({ event }) => event.code),
    mentions.map(({ event }) => event.detail),
    mentions.map(({ event }) => toDataText(event)),
    mentions.map(({ event }) => event.schemaVersion),
    routes.map(({ uuid }) => uuid),
    routes.map(({ chain }) => chain),
    routes.map(({ workflowId }) => workflowId),
    routes.map(({ ledger }) => ledger),
  ];
}

function mentionColumns(mentions: readonly EventMention[]): readonly unknown[] {
  return [
    mentions.map(({ at }) => at + 1),
    mentions.map(({ event }) => event.eventId),
    mentions.map(({ event, first }) => (first ? event.uuid : null)),
  ];
}
