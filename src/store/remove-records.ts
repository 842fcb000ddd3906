import type { Pool } from './pool.ts';
import {
  DELIVERY_PAGE,
  FIRST_UUID,
  PAGE_ROWS,
  retentionTransaction,
  type RetentionCursor,
  type RetentionCutoffs,
  type RetentionStep,
} from './retention-step.ts';
import { toFirstUuid } from './uuid-range.ts';

// What an event's body stands in leaves only after, or without, the body; refused ones and duplicates hold nobody's.
const DELIVERIES = `
WITH ${DELIVERY_PAGE}, gone AS (
  DELETE FROM deliveries d USING page p
  WHERE d.id = p.id AND d.received_at < $3 AND (d.body IS NULL OR NOT EXISTS (
    SELECT FROM unnest(d.event_ids) AS m (event_id) JOIN events e ON e.source = d.source AND e.event_id = m.event_id AND e.delivery_id = d.id))
  RETURNING d.id
)
SELECT (SELECT count(*) FROM gone)::int AS removed, (SELECT ARRAY[id::text] FROM page ORDER BY id DESC LIMIT 1) AS last`;

const AUDIT = `
WITH page AS MATERIALIZED (
  SELECT id FROM audit WHERE id > $1 AND id < $2 ORDER BY id LIMIT ${PAGE_ROWS}
), gone AS (
  DELETE FROM audit a USING page p WHERE a.id = p.id AND a.at < $3 RETURNING a.id
)
SELECT (SELECT count(*) FROM gone)::int AS removed, (SELECT ARRAY[id::text] FROM page ORDER BY id DESC LIMIT 1) AS last`;

const EFFECTS = `
WITH page AS MATERIALIZED (
  SELECT event_uuid, ledger, action, key, round FROM effects
  WHERE (event_uuid, ledger, action, key, round) > ($1, $2, $3, $4, $5::int) AND event_uuid < $6
  ORDER BY event_uuid, ledger, action, key, round LIMIT ${PAGE_ROWS}
), gone AS (
  DELETE FROM effects x USING page p
  WHERE x.event_uuid = p.event_uuid AND x.ledger = p.ledger AND x.action = p.action AND x.key = p.key AND x.round = p.round
    AND x.updated_at < $7 AND x.state <> 'unknown' AND NOT EXISTS (SELECT FROM events e WHERE e.uuid = x.event_uuid)
  RETURNING x.event_uuid
)
SELECT (SELECT count(*) FROM gone)::int AS removed,
       (SELECT ARRAY[event_uuid::text, ledger, action, key, round::text] FROM page
        ORDER BY event_uuid DESC, ledger DESC, action DESC, key DESC, round DESC LIMIT 1) AS last`;

// Rows that the inbox is just claiming are passed over: it takes several in an order of its own, and must never wait in a ring.
const BODY_KEYS = `
WITH page AS MATERIALIZED (
  SELECT source, body_sha256 FROM signed_bodies WHERE (source, body_sha256) > ($1, decode($2, 'hex')) ORDER BY source, body_sha256 LIMIT ${PAGE_ROWS}
), free AS (
  SELECT b.source, b.body_sha256 FROM page p JOIN signed_bodies b ON b.source = p.source AND b.body_sha256 = p.body_sha256
  WHERE b.received_at < $3 FOR UPDATE OF b SKIP LOCKED
), gone AS (
  DELETE FROM signed_bodies b USING free f WHERE b.source = f.source AND b.body_sha256 = f.body_sha256 RETURNING b.source
)
SELECT (SELECT count(*) FROM gone)::int AS removed,
       (SELECT ARRAY[source, encode(body_sha256, 'hex')] FROM page ORDER BY source DESC, body_sha256 DESC LIMIT 1) AS last`;

const REFUSAL_COUNTS = `
WITH page AS MATERIALIZED (
  SELECT source, cause, minute FROM refusal_counters
  WHERE (source, cause, minute) > ($1, $2, $3::timestamptz) ORDER BY source, cause, minute LIMIT ${PAGE_ROWS}
), gone AS (
  DELETE FROM refusal_counters c USING page p
  WHERE c.source = p.source AND c.cause = p.cause AND c.minute = p.minute AND c.minute < $4 RETURNING c.source
)
SELECT (SELECT count(*) FROM gone)::int AS removed,
       (SELECT ARRAY[source, cause, minute::text] FROM page ORDER BY source DESC, cause DESC, minute DESC LIMIT 1) AS last`;

const NO_TEXT = '';

/** Removes deliveries that have outlived their age, duplicates and refused ones too; never one that an event's body still stands in. */
export function removeDeliveries(pool: Pool): RetentionStep {
  const values = ([after]: RetentionCursor, { delivery }: RetentionCutoffs) => [after, toFirstUuid(delivery), delivery];
  return toStep(pool, { name: 'deliveries', what: 'deliveries', start: [FIRST_UUID], byTime: true, text: DELIVERIES, values });
}

/** Removes the minutes in which refusals were only counted, as old as deliveries may become. */
export function removeRefusalCounts(pool: Pool): RetentionStep {
  const values = (after: RetentionCursor, { delivery }: RetentionCutoffs) => [...after, delivery];
  const start = [NO_TEXT, NO_TEXT, '-infinity'];
  return toStep(pool, { name: 'refusalCounts', what: 'deliveries', start, byTime: false, text: REFUSAL_COUNTS, values });
}

/** Removes settled effects that have outlived their age and their event. */
export function removeEffects(pool: Pool): RetentionStep {
  const values = (after: RetentionCursor, { effect }: RetentionCutoffs) => [...after, toFirstUuid(effect), effect];
  const start = [FIRST_UUID, NO_TEXT, NO_TEXT, NO_TEXT, -1];
  return toStep(pool, { name: 'effects', what: 'effects', start, byTime: true, text: EFFECTS, values });
}

/** Removes what tells the same signed body under another id, once the dedupe horizon has passed. */
export function removeBodyKeys(pool: Pool): RetentionStep {
  const values = (after: RetentionCursor, { dedupe }: RetentionCutoffs) => [...after, dedupe];
  return toStep(pool, { name: 'bodyKeys', what: 'bodyKeys', start: [NO_TEXT, NO_TEXT], byTime: false, text: BODY_KEYS, values });
}

/** Removes audit rows that have outlived their age. */
export function removeAudit(pool: Pool): RetentionStep {
  const values = ([after]: RetentionCursor, { audit }: RetentionCutoffs) => [after, toFirstUuid(audit), audit];
  return toStep(pool, { name: 'audit', what: 'audit', start: [FIRST_UUID], byTime: true, text: AUDIT, values });
}

interface SimpleStep extends Omit<RetentionStep, 'page'> {
  readonly text: string;
  readonly values: (after: RetentionCursor, cutoffs: RetentionCutoffs) => readonly unknown[];
}

/** A step whose page is one statement: it removes what it judges by the rows themselves. */
function toStep(pool: Pool, { text, values, ...step }: SimpleStep): RetentionStep {
  return {
    ...step,
    page: (after, cutoffs) =>
      retentionTransaction(pool, async (tx) => {
        const { rows } = await tx.query<{ readonly removed: number; readonly last: readonly string[] | null }>({
          name: `retention.${step.name}`,
          text,
          values: values(after, cutoffs),
        });
        return { removed: rows[0]?.removed ?? 0, last: rows[0]?.last ?? null };
      }),
  };
}
