import type { Pool } from './pool.ts';
import { FIRST_UUID, isNeeded, PAGE_ROWS, retentionTransaction, type RetentionStep } from './retention-step.ts';
import { toFirstUuid } from './uuid-range.ts';

// Locked first and judged by the next statement, as bodies are.
const LOCK = `
WITH page AS MATERIALIZED (
  SELECT uuid FROM events WHERE uuid > $1 AND uuid < $2 ORDER BY uuid LIMIT ${PAGE_ROWS}
), locked AS (
  SELECT e.uuid FROM page p JOIN events e ON e.uuid = p.uuid WHERE e.received_at < $3 FOR UPDATE OF e SKIP LOCKED
)
SELECT (SELECT uuid FROM page ORDER BY uuid DESC LIMIT 1) AS last, ARRAY(SELECT uuid FROM locked) AS locked`;

const REMOVE = `
DELETE FROM events e
WHERE e.uuid = ANY ($1::uuid[]) AND NOT ${isNeeded('$2')}
  AND NOT EXISTS (SELECT FROM deliveries d WHERE d.id = e.delivery_id AND d.body IS NOT NULL)`;

/**
 * Removes events that have outlived their age and the dedupe horizon, with their runs, and none that is needed, nor one whose body is
 * still there. Whoever sends such an event again makes a new one.
 */
export function removeEvents(pool: Pool): RetentionStep {
  return {
    name: 'events',
    what: 'events',
    start: [FIRST_UUID],
    byTime: true,
    page: ([after], { event, settledEvent }) =>
      retentionTransaction(pool, async (tx) => {
        const { rows } = await tx.query<Locked>({ name: 'retention.lockEvents', text: LOCK, values: [after, toFirstUuid(event), event] });
        const { last = null, locked = [] } = rows[0] ?? {};
        if (locked.length === 0) return { removed: 0, last: last === null ? null : [last] };
        const { rowCount } = await tx.query({ name: 'retention.removeEvents', text: REMOVE, values: [locked, settledEvent] });
        return { removed: rowCount ?? 0, last: last === null ? null : [last] };
      }),
  };
}

interface Locked {
  readonly last: string | null;
  readonly locked: readonly string[];
}
