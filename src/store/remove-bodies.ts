import type { Pool } from './pool.ts';
import { DELIVERY_PAGE, FIRST_UUID, isNeeded, retentionTransaction, type RetentionStep } from './retention-step.ts';
import { toFirstUuid } from './uuid-range.ts';

/** The events whose body stands in delivery `d`; a join by the unique key, since `delivery_id` has no index. */
const OWN_EVENTS = `CROSS JOIN LATERAL (SELECT DISTINCT unnest(d.event_ids) AS event_id) AS m
  JOIN events e ON e.source = d.source AND e.event_id = m.event_id AND e.delivery_id = d.id`;

// The events are locked by a statement of its own, and judged by the next: what that sees is then as new as the locks. Whoever starts
// a run again, or routes an event anew, holds its event's row too, or waits here and finds the data gone.
const LOCK = `
WITH ${DELIVERY_PAGE}, locked AS (
  SELECT e.uuid FROM page p CROSS JOIN LATERAL unnest(p.event_ids) AS m (event_id)
  JOIN events e ON e.source = p.source AND e.event_id = m.event_id AND e.delivery_id = p.id
  WHERE p.kept FOR UPDATE OF e SKIP LOCKED
)
SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last, ARRAY(SELECT id FROM page WHERE kept) AS ids, ARRAY(SELECT uuid FROM locked) AS locked`;

const REMOVE = `
WITH own AS MATERIALIZED (
  SELECT e.uuid, d.id, e.uuid <> ALL ($2::uuid[]) OR ${isNeeded('$5')} AS needed
  FROM deliveries d ${OWN_EVENTS}
  WHERE d.id = ANY ($1::uuid[])
), leaving AS MATERIALIZED (
  SELECT d.id FROM deliveries d
  WHERE d.id = ANY ($1::uuid[]) AND (d.received_at < $3 OR d.received_at < $4 AND EXISTS (SELECT FROM own WHERE own.id = d.id))
    AND NOT EXISTS (SELECT FROM own WHERE own.id = d.id AND own.needed)
), emptied AS (
  UPDATE events e SET data = NULL, schema_version = NULL FROM own JOIN leaving ON leaving.id = own.id WHERE e.uuid = own.uuid AND e.data IS NOT NULL
)
UPDATE deliveries d SET body = NULL FROM leaving WHERE d.id = leaving.id`;

/**
 * Removes bodies that have outlived their age, each in one transaction with the projected data of every event that stands in it, and
 * none while one of these events is needed. An event that may leave takes its body along, even where bodies were to stay longer.
 */
export function removeBodies(pool: Pool): RetentionStep {
  return {
    name: 'bodies',
    what: 'bodies',
    start: [FIRST_UUID],
    byTime: true,
    page: ([after], { body, event, settledBody }) =>
      retentionTransaction(pool, async (tx) => {
        const youngest = body > event ? body : event;
        const { rows } = await tx.query<Locked>({ name: 'retention.lockBodies', text: LOCK, values: [after, toFirstUuid(youngest)] });
        const { last = null, ids = [], locked = [] } = rows[0] ?? {};
        if (ids.length === 0) return { removed: 0, last: last === null ? null : [last] };
        const values = [ids, locked, body, event, settledBody];
        const { rowCount } = await tx.query({ name: 'retention.removeBodies', text: REMOVE, values });
        return { removed: rowCount ?? 0, last: last === null ? null : [last] };
      }),
  };
}

interface Locked {
  readonly last: string | null;
  readonly ids: readonly string[];
  readonly locked: readonly string[];
}
