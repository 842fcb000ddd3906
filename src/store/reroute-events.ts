import type { InterpretedEvent } from '../contracts/inbox.ts';
import { toTimestamp } from './columns.ts';
import { toDataText } from './event-data.ts';
import type { Queryable } from './pool.ts';

/** An event that has been read anew. */
export interface Reread {
  readonly uuid: string;
  readonly event: InterpretedEvent;
}

// Runs go in by the order given, which their identity column keeps.
const REROUTE = `
WITH changed AS (
  UPDATE events e SET provider_type = t.provider_type, type = t.type, entity_type = t.entity_type, entity_id = t.entity_id,
                      occurred_at = t.occurred_at, test = t.test, state = t.state, cause = t.cause, detail = t.detail, data = t.data,
                      schema_version = t.schema_version
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::boolean[], $8::text[], $9::text[], $10::text[], $11::json[],
              $12::int[])
    AS t (uuid, provider_type, type, entity_type, entity_id, occurred_at, test, state, cause, detail, data, schema_version)
  WHERE e.uuid = t.uuid AND e.state <> 'routed' AND EXISTS (SELECT FROM deliveries d WHERE d.id = e.delivery_id AND d.body IS NOT NULL)
  RETURNING e.uuid
), ran AS (
  INSERT INTO runs (event_uuid, chain, workflow_id, ledger)
  SELECT r.event_uuid, r.chain, r.workflow_id, r.ledger
  FROM unnest($13::uuid[], $14::text[], $15::text[], $16::text[]) WITH ORDINALITY AS r (event_uuid, chain, workflow_id, ledger, n)
  WHERE r.event_uuid IN (SELECT uuid FROM changed)
  ORDER BY r.n
)
SELECT uuid FROM changed`;

/**
 * Writes what ignored, held and quarantined events are now, and makes the runs that they call for, in the order given; one statement.
 * Resolves to the UUIDs of those that it has changed: what is gone, has lost its body, or is routed already stays as it is, for
 * routes never change once they are stored.
 */
export async function rerouteEvents(db: Queryable, rereads: readonly Reread[]): Promise<ReadonlySet<string>> {
  const routes = rereads.flatMap(({ uuid, event }) => event.routes.map((route) => ({ ...route, uuid })));
  const { rows } = await db.query<{ readonly uuid: string }>({
    name: 'events.rerouteMany',
    text: REROUTE,
    values: [
      rereads.map(({ uuid }) => uuid),
      rereads.map(({ event }) => event.providerType),
      rereads.map(({ event }) => event.type),
      rereads.map(({ event }) => event.entity?.type),
      rereads.map(({ event }) => event.entity?.id),
      rereads.map(({ event }) => toTimestamp(event.occurredAt)),
      rereads.map(({ event }) => event.test),
      rereads.map(({ event }) => event.state),
      rereads.map(({ event }) => event.code),
      rereads.map(({ event }) => event.detail),
      rereads.map(({ event }) => toDataText(event)),
      rereads.map(({ event }) => event.schemaVersion),
      routes.map(({ uuid }) => uuid),
      routes.map(({ chain }) => chain),
      routes.map(({ workflowId }) => workflowId),
      routes.map(({ ledger }) => ledger),
    ],
  });
  return new Set(rows.map(({ uuid }) => uuid));
}
