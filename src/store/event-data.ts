import type { JsonValue } from '../contracts/json.ts';
import type { Queryable } from './pool.ts';

/** What an event says, and of which entity. */
export interface EventData {
  readonly type: string;
  readonly entityId: string | null;
  readonly data: JsonValue;
}

/** Reads what an event says; `undefined` where its row is gone. */
export async function readEventData(db: Queryable, uuid: string): Promise<EventData | undefined> {
  const { rows } = await db.query<EventData>({
    name: 'events.data',
    text: 'SELECT type, entity_id AS "entityId", data FROM events WHERE uuid = $1',
    values: [uuid],
  });
  return rows[0];
}
