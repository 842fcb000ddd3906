import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { JsonValue } from '../contracts/json.ts';
import { toJsonText } from './columns.ts';
import type { DeliveryRow } from './delivery-rows.ts';
import type { Queryable } from './pool.ts';

/** What an event says, and of which entity. */
export interface EventData {
  readonly type: string;
  readonly entityId: string | null;
  readonly data: JsonValue;
}

/** Reads what an event says; `undefined` where its row is gone, or its data are. */
export async function readEventData(db: Queryable, uuid: string): Promise<EventData | undefined> {
  const { rows } = await db.query<EventData>({
    name: 'events.data',
    text: 'SELECT type, entity_id AS "entityId", data FROM events WHERE uuid = $1 AND data IS NOT NULL',
    values: [uuid],
  });
  return rows[0];
}

/**
 * An event's data for their column. Those of a routed event are never SQL's null, even where a raw payload is JSON's: that says that
 * they have left, and that nothing may be started with them.
 */
export function toDataText({ state, data }: Pick<InterpretedEvent, 'state' | 'data'>): string | null {
  return state === 'routed' ? JSON.stringify(data) : toJsonText(data);
}

/** A stored request, as far as an event is read from it. */
export interface StoredRequest {
  /** Allow-listed lines, in order. */
  readonly headers: DeliveryRow['headers'];
  readonly body: Buffer;
}

/** Reads a delivery's headers and body; `undefined` where either is no longer kept. */
export async function readStoredRequest(db: Queryable, deliveryId: string): Promise<StoredRequest | undefined> {
  const { rows } = await db.query<StoredRequest>({
    name: 'events.request',
    text: 'SELECT headers, body FROM deliveries WHERE id = $1 AND body IS NOT NULL',
    values: [deliveryId],
  });
  return rows[0];
}

/** What a newer version of its type's schema makes of a stored event. */
export interface ProjectedData {
  readonly uuid: string;
  readonly data: JsonValue;
  readonly schemaVersion: number;
}

/** Writes a routed event's data anew, and nothing else of it; false where it is gone, or its data are. */
export async function rewriteEventData(db: Queryable, { uuid, data, schemaVersion }: ProjectedData): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'events.rewriteData',
    text: `UPDATE events SET data = $2, schema_version = $3 WHERE uuid = $1 AND state = 'routed' AND data IS NOT NULL`,
    values: [uuid, JSON.stringify(data), schemaVersion],
  });
  return rowCount === 1;
}
