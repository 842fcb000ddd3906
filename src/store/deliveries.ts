import { toEventId } from '../contracts/ids.ts';
import type { DeliveryOutcome, EntityKey } from '../contracts/webhook.ts';
import { toTimestamp } from './columns.ts';
import { DELIVERY, toDeliveryRow } from './delivery-rows.ts';
import type { DeliveryColumns, DeliveryRow } from './delivery-rows.ts';
import { toListStatement } from './list-statement.ts';
import type { Pool, Queryable } from './pool.ts';
import { toFirstUuid, toUuidRange } from './uuid-range.ts';

export type { DeliveryRow } from './delivery-rows.ts';

/** What a list of deliveries is narrowed to. */
export interface DeliveryFilter {
  readonly source?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
  /** Code of the errors table. */
  readonly cause?: string | undefined;
  /** Of an event of this type. */
  readonly type?: string | undefined;
  /** Of an event with this id: normalised, or as the provider wrote it. */
  readonly event?: string | undefined;
  /** Of an event that names this entity. */
  readonly entity?: EntityKey | undefined;
  /** Part of the delivery's id, of an event id, or of the detail, or the provider's own id; bodies are not looked into. */
  readonly text?: string | undefined;
  /** Received at or after. */
  readonly since?: Date | undefined;
  /** Received before. */
  readonly until?: Date | undefined;
  /** Id of the last delivery of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Refusals above the cap, which have no rows of their own. */
export interface RefusalCount {
  readonly source: string;
  readonly code: string;
  readonly minute: Date;
  readonly count: number;
}

/** What counted refusals are narrowed to. */
export type RefusalFilter = Pick<DeliveryFilter, 'source' | 'cause' | 'since' | 'until'>;

/** Deliveries as people look for them. */
export interface Deliveries {
  /** The newest first. */
  list(filter: DeliveryFilter): Promise<readonly DeliveryRow[]>;
  /** By id or the beginning of it (8 characters or more): at most 20, the newest first. */
  find(text: string): Promise<readonly DeliveryRow[]>;
  /** The bytes as they came; `undefined` where there is no such delivery, or nothing of it was kept. */
  body(id: string): Promise<Buffer | undefined>;
  /** Refusals that were only counted, the newest minute first, at most 1,000 rows. */
  refusalCounts(filter: RefusalFilter): Promise<readonly RefusalCount[]>;
}

/** Makes the statements on deliveries. */
export function createDeliveries({ pool }: { readonly pool: Pool }): Deliveries {
  return {
    list: (filter) => listDeliveries(pool, filter),
    find: async (text) => {
      const range = toUuidRange(text);
      if (range === undefined) return [];
      const sql = `SELECT ${DELIVERY} FROM deliveries WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT 20`;
      return (await pool.query<DeliveryColumns>({ name: 'deliveries.find', text: sql, values: range })).rows.map(toDeliveryRow);
    },
    body: async (id) => {
      const { rows } = await pool.query<{ readonly body: Buffer | null }>({
        name: 'deliveries.body',
        text: 'SELECT body FROM deliveries WHERE id = $1',
        values: [id],
      });
      return rows[0]?.body ?? undefined;
    },
    refusalCounts: (filter) => countRefusals(pool, filter),
  };
}

/** Whether one of the delivery's events is so. */
const OF_EVENT = 'EXISTS (SELECT FROM events e WHERE e.source = d.source AND e.event_id = ANY (d.event_ids)';

/**
 * `ARRAY(…)` is read first, by the index on event ids. Left to itself PostgreSQL takes an event id for one that a two-hundredth of all
 * deliveries have, and walks through all of them in the order that is asked for.
 */
async function listDeliveries(db: Queryable, filter: DeliveryFilter): Promise<readonly DeliveryRow[]> {
  const { source, outcome, cause, type, event, entity, text, since, until, before, limit } = filter;
  const id = text && toEventId(text);
  const statement = toListStatement({
    name: 'deliveries.list',
    select: `SELECT ${DELIVERY} FROM deliveries d`,
    where: {
      source: ['source = ?', source],
      outcome: ['outcome = ?', outcome],
      cause: ['cause = ?', cause],
      type: [`${OF_EVENT} AND e.type = ?)`, type],
      event: ['id = ANY (ARRAY(SELECT m.id FROM deliveries m WHERE m.event_ids && ?::text[]))', event && [event, toEventId(event)]],
      entity: [
        `event_ids && ARRAY(SELECT e.event_id FROM events e WHERE e.entity_type = ? AND e.entity_id = ?)
  AND ${OF_EVENT} AND e.entity_type = ? AND e.entity_id = ?)`,
        entity?.type,
        entity?.id,
        entity?.type,
        entity?.id,
      ],
      text: [
        `(strpos(lower(concat_ws(E'\\n', id::text, array_to_string(event_ids, E'\\n'), detail)), lower(?)) > 0 OR event_ids @> ARRAY[?])`,
        text,
        id,
      ],
      since: ['id >= ?', since && toFirstUuid(since)],
      until: ['id < ?', until && toFirstUuid(until)],
      before: ['id < ?', before],
    },
    order: 'id DESC',
    limit,
  });
  return (await db.query<DeliveryColumns>(statement)).rows.map(toDeliveryRow);
}

async function countRefusals(db: Queryable, { source, cause, since, until }: RefusalFilter): Promise<readonly RefusalCount[]> {
  const statement = toListStatement({
    name: 'deliveries.refusalCounts',
    select: 'SELECT source, cause AS code, minute, count::float8 AS count FROM refusal_counters',
    where: {
      source: ['source = ?', source],
      cause: ['cause = ?', cause],
      since: [`minute >= date_trunc('minute', ?::timestamptz)`, since && toTimestamp(since)],
      until: ['minute < ?::timestamptz', until && toTimestamp(until)],
    },
    order: 'minute DESC, source, cause',
    limit: MOST_COUNTS,
  });
  return (await db.query<RefusalCount>(statement)).rows;
}

const MOST_COUNTS = 1_000;
