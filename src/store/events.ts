import { isHashedId, toEventId } from '../contracts/ids.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import { toEffectRow, toEventRow, toEventSummary } from './event-rows.ts';
import type { EffectColumns, EffectRow, EventColumns, EventRow, EventSummary, EventSummaryColumns } from './event-rows.ts';
import type { DeliveryColumns, DeliveryRow } from './delivery-rows.ts';
import { DELIVERY, toDeliveryRow } from './delivery-rows.ts';
import { EVENT_SUMMARY, listEvents, type EventFilter } from './list-events.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';
import { rerouteEvents } from './reroute-events.ts';
import { RUN_ROW, toRunRow, type RunRow, type RunRowColumns } from './run-rows.ts';
import { toUuidRange } from './uuid-range.ts';

export type { EffectRow, EventRow, EventSummary } from './event-rows.ts';
export type { EventFilter } from './list-events.ts';

/** All that is known of an event. */
export interface WholeEvent {
  readonly event: EventRow;
  readonly runs: readonly RunRow[];
  readonly effects: readonly EffectRow[];
  /** Every delivery of it, the oldest first, at most 100. */
  readonly deliveries: readonly DeliveryRow[];
}

/** Events as people look for them and repair them. */
export interface Events {
  /** The newest first. */
  list(filter: EventFilter): Promise<readonly EventSummary[]>;
  /**
   * Events that a text may mean: their UUID or the beginning of it (8 characters or more), their event id, or the id as the
   * provider wrote it. At most 20, the newest first.
   */
  find(text: string): Promise<readonly EventSummary[]>;
  /** `undefined` where there is none. */
  get(uuid: string): Promise<WholeEvent | undefined>;
  /**
   * Interprets an ignored, held or quarantined event anew, and makes the runs that it calls for; one transaction. False where
   * the event is gone, or its body has just left, or it is routed already: routes are never changed once they are stored.
   */
  reroute(uuid: string, event: InterpretedEvent): Promise<boolean>;
}

const FIND = `${EVENT_SUMMARY}
WHERE e.event_id = ANY ($1::text[]) OR e.uuid BETWEEN $2 AND $3
ORDER BY e.uuid DESC LIMIT 20`;

const GET = `
SELECT uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at, test, state, cause, detail,
       data, schema_version, delivery_id, same_body_as,
       NOT EXISTS (SELECT FROM deliveries d WHERE d.id = events.delivery_id AND d.body IS NOT NULL) AS body_gone
FROM events WHERE uuid = $1`;

// A statement before the one that looks at the body: retention holds this lock while it removes body and data, and what a statement
// sees of the delivery is as old as its own beginning.
const LOCK = `SELECT FROM events WHERE uuid = $1 FOR UPDATE`;

/** Makes the statements on events. */
export function createEvents({ pool }: { readonly pool: Pool }): Events {
  const summaries = async (name: string, text: string, values: readonly unknown[]): Promise<readonly EventSummary[]> =>
    (await pool.query<EventSummaryColumns>({ name, text, values })).rows.map(toEventSummary);
  return {
    list: (filter) => listEvents(pool, filter),
    find: (text) => summaries('events.find', FIND, [toIds(text), ...(toUuidRange(text) ?? [null, null])]),
    get: (uuid) => readWholeEvent(pool, uuid),
    reroute: (uuid, event) => transaction(pool, (tx) => rerouteEvent(tx, uuid, event)),
  };
}

/** `Events.get`, on its own or inside the caller's transaction. */
export async function readWholeEvent(db: Queryable, uuid: string): Promise<WholeEvent | undefined> {
  const { rows } = await db.query<EventColumns>({ name: 'events.get', text: GET, values: [uuid] });
  if (rows[0] === undefined) return undefined;
  const event = toEventRow(rows[0]);
  return { event, runs: await runsOf(db, uuid), effects: await effectsOf(db, uuid), deliveries: await deliveriesOf(db, event) };
}

/** `Events.reroute`, inside the caller's transaction. */
export async function rerouteEvent(tx: Queryable, uuid: string, event: InterpretedEvent): Promise<boolean> {
  await tx.query({ name: 'events.lock', text: LOCK, values: [uuid] });
  return (await rerouteEvents(tx, [{ uuid, event }])).has(uuid);
}

async function runsOf(db: Queryable, uuid: string): Promise<readonly RunRow[]> {
  const text = `SELECT ${RUN_ROW} FROM runs r WHERE r.event_uuid = $1 ORDER BY r.chain`;
  return (await db.query<RunRowColumns>({ name: 'events.runs', text, values: [uuid] })).rows.map(toRunRow);
}

async function effectsOf(db: Queryable, uuid: string): Promise<readonly EffectRow[]> {
  const text = `SELECT ledger, action, key, round, state, attempt, sends, dry, detail, result, intended_at, updated_at
                FROM effects WHERE event_uuid = $1 ORDER BY intended_at, ledger, action, key, round`;
  return (await db.query<EffectColumns>({ name: 'events.effects', text, values: [uuid] })).rows.map(toEffectRow);
}

async function deliveriesOf(db: Queryable, { source, eventId }: EventRow): Promise<readonly DeliveryRow[]> {
  // else PostgreSQL takes the id for one that a two-hundredth of all deliveries have, and walks through all of them in their order
  const text = `WITH own AS MATERIALIZED (SELECT id FROM deliveries WHERE event_ids @> ARRAY[$2] AND source = $1)
                SELECT ${DELIVERY} FROM deliveries WHERE id = ANY (ARRAY(SELECT id FROM own ORDER BY id LIMIT 100)) ORDER BY id`;
  return (await db.query<DeliveryColumns>({ name: 'events.deliveries', text, values: [source, eventId] })).rows.map(toDeliveryRow);
}

/** A text as the provider's own id, and as the normalised one that we have shown for it. */
function toIds(text: string): readonly string[] {
  const id = toEventId(text);
  return isHashedId(text) ? [id, text] : [id];
}
