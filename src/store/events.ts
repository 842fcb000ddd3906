import { isHashedId, toEventId } from '../contracts/ids.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { EntityKey, EventState, RunState } from '../contracts/webhook.ts';
import { toTimestamp, toJsonText } from './columns.ts';
import { toEffectRow, toEventRow, toEventSummary } from './event-rows.ts';
import type { EffectColumns, EffectRow, EventColumns, EventRow, EventSummary, EventSummaryColumns } from './event-rows.ts';
import type { DeliveryColumns, DeliveryRow } from './delivery-rows.ts';
import { DELIVERY, toDeliveryRow } from './delivery-rows.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';
import type { RunRow, Runs } from './runs.ts';
import { toFirstUuid, toUuidRange } from './uuid-range.ts';

export type { EffectRow, EventRow, EventSummary } from './event-rows.ts';

/** What a list of events is narrowed to. */
export interface EventFilter {
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly state?: EventState | undefined;
  /** Events that have a run in this state. */
  readonly runState?: RunState | undefined;
  readonly entity?: EntityKey | undefined;
  /** Received at or after. */
  readonly since?: Date | undefined;
  /** UUID of the last event of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

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
   * the event is gone, or routed already: routes are never changed once they are stored.
   */
  reroute(uuid: string, event: InterpretedEvent): Promise<boolean>;
}

const SUMMARY = `
SELECT e.uuid, e.source, e.event_id, e.provider_type, e.type, e.entity_type, e.entity_id, e.received_at, e.test, e.state, e.cause, e.detail,
       coalesce((SELECT json_agg(json_build_object('chain', r.chain, 'state', r.state, 'attempt', r.attempt, 'code', r.code, 'workflowId', r.workflow_id)
                 ORDER BY r.chain) FROM runs r WHERE r.event_uuid = e.uuid), '[]') AS runs
FROM events e`;

const LIST = `${SUMMARY}
WHERE ($1::text IS NULL OR e.source = $1) AND ($2::text IS NULL OR e.type = $2) AND ($3::text IS NULL OR e.state = $3)
  AND ($4::text IS NULL OR EXISTS (SELECT FROM runs r WHERE r.event_uuid = e.uuid AND r.state = $4))
  AND ($5::uuid IS NULL OR e.uuid >= $5) AND ($6::uuid IS NULL OR e.uuid < $6)
  AND ($7::text IS NULL OR e.entity_type = $7 AND e.entity_id = $8)
ORDER BY e.uuid DESC LIMIT $9`;

const FIND = `${SUMMARY}
WHERE e.event_id = ANY ($1::text[]) OR e.uuid BETWEEN $2 AND $3
ORDER BY e.uuid DESC LIMIT 20`;

const GET = `
SELECT uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at, test, state, cause, detail,
       data, delivery_id, same_body_as FROM events WHERE uuid = $1`;

const REROUTE = `
UPDATE events SET provider_type = $2, type = $3, entity_type = $4, entity_id = $5, occurred_at = $6, test = $7, state = $8, cause = $9, detail = $10, data = $11
WHERE uuid = $1 AND state <> 'routed'`;

const ADD_RUNS = `
INSERT INTO runs (event_uuid, chain, workflow_id, ledger)
SELECT $1, chain, workflow_id, ledger FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS r (chain, workflow_id, ledger, n) ORDER BY n`;

/** Makes the statements on events. */
export function createEvents({ pool, runs }: { readonly pool: Pool; readonly runs: Runs }): Events {
  const summaries = async (name: string, text: string, values: readonly unknown[]): Promise<readonly EventSummary[]> =>
    (await pool.query<EventSummaryColumns>({ name, text, values })).rows.map(toEventSummary);
  return {
    list: ({ source, type, state, runState, entity, since, before, limit }) => {
      const values = [source, type, state, runState, since && toFirstUuid(since), before, entity?.type, entity?.id, limit];
      return summaries('events.list', LIST, values);
    },
    find: (text) => summaries('events.find', FIND, [toIds(text), ...(toUuidRange(text) ?? [null, null])]),
    get: async (uuid) => {
      const { rows } = await pool.query<EventColumns>({ name: 'events.get', text: GET, values: [uuid] });
      if (rows[0] === undefined) return undefined;
      const event = toEventRow(rows[0]);
      return {
        event,
        runs: await runs.listOfEvent(uuid),
        effects: await effectsOf(pool, uuid),
        deliveries: await deliveriesOf(pool, event),
      };
    },
    reroute: (uuid, event) => transaction(pool, (tx) => rerouteIn(tx, uuid, event)),
  };
}

async function rerouteIn(tx: Queryable, uuid: string, event: InterpretedEvent): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'events.reroute',
    text: REROUTE,
    values: [
      uuid,
      event.providerType,
      event.type,
      event.entity?.type,
      event.entity?.id,
      toTimestamp(event.occurredAt),
      event.test,
      event.state,
      event.code,
      event.detail,
      toJsonText(event.data),
    ],
  });
  if (rowCount === 0) return false;
  const { routes } = event;
  await tx.query({
    name: 'events.addRuns',
    text: ADD_RUNS,
    values: [uuid, routes.map(({ chain }) => chain), routes.map(({ workflowId }) => workflowId), routes.map(({ ledger }) => ledger)],
  });
  return true;
}

async function effectsOf(db: Queryable, uuid: string): Promise<readonly EffectRow[]> {
  const text = `SELECT ledger, action, key, round, state, attempt, sends, detail, result, intended_at, updated_at
                FROM effects WHERE event_uuid = $1 ORDER BY intended_at, ledger, action, key, round`;
  return (await db.query<EffectColumns>({ name: 'events.effects', text, values: [uuid] })).rows.map(toEffectRow);
}

async function deliveriesOf(db: Queryable, { source, eventId }: EventRow): Promise<readonly DeliveryRow[]> {
  const text = `SELECT ${DELIVERY} FROM deliveries WHERE event_ids @> ARRAY[$2] AND source = $1 ORDER BY id LIMIT 100`;
  return (await db.query<DeliveryColumns>({ name: 'events.deliveries', text, values: [source, eventId] })).rows.map(toDeliveryRow);
}

/** A text as the provider's own id, and as the normalised one that we have shown for it. */
function toIds(text: string): readonly string[] {
  const id = toEventId(text);
  return isHashedId(text) ? [id, text] : [id];
}
