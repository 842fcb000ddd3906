import type { AlertFinding } from './alerts.ts';
import type { Queryable } from './pool.ts';

/** A source whose silence is told. */
export interface WatchedSource {
  readonly name: string;
  readonly silentAfterHours: number;
}

/** How many of its newest deliveries are looked through for one that was not refused, the first time. */
const MOST_ROWS = 100_000;

/**
 * Delivery ids begin with the time of receipt. From then on only what has come since the last look is looked through, and ten minutes
 * before it, for commits that were late. A source that was never heard of counts from when it was first seen here. The source is compared
 * with a list, and stands in the order, so that none but the index by source will do: PostgreSQL takes that of all ids otherwise, and
 * reads what every other source was sent in those minutes.
 */
const LISTEN = `
WITH wanted AS (SELECT source, hours FROM unnest($1::text[], $2::int[]) AS t (source, hours)),
looked AS (
  SELECT w.source, coalesce(k.looked_at - interval '10 minutes', now() - w.hours * interval '1 hour') AS after
  FROM wanted w LEFT JOIN alert_sources k USING (source)
), heard AS (
  INSERT INTO alert_sources AS s (source, heard_at, looked_at)
  SELECT l.source, (
    SELECT newest.received_at FROM (
      SELECT d.received_at, d.outcome FROM deliveries d
      WHERE d.source = ANY (ARRAY[l.source]) AND d.id >= (lpad(to_hex((extract(epoch FROM l.after) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
      ORDER BY d.source, d.id DESC LIMIT ${MOST_ROWS}) newest
    WHERE newest.outcome <> 'refused' LIMIT 1), now()
  FROM looked l
  ON CONFLICT (source) DO UPDATE SET heard_at = greatest(s.heard_at, excluded.heard_at), looked_at = excluded.looked_at
  RETURNING source, first_seen, heard_at
)
SELECT source AS target, 1 AS count, to_char(heard_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS detail
FROM heard JOIN wanted USING (source) WHERE coalesce(heard_at, first_seen) < now() - hours * interval '1 hour'`;

/**
 * Finds the sources of which nothing but refused deliveries has come for too long: what anybody can post unsigned is no sign of life. The
 * detail is when the last one came; null where none ever has. Remembers when each was heard of, and forgets those that are not watched.
 */
export async function findSilentSources(tx: Queryable, sources: readonly WatchedSource[]): Promise<readonly Omit<AlertFinding, 'rule'>[]> {
  const names = sources.map(({ name }) => name);
  await tx.query({ name: 'alerts.forgetSources', text: 'DELETE FROM alert_sources WHERE source <> ALL ($1)', values: [names] });
  if (sources.length === 0) return [];
  const values = [names, sources.map(({ silentAfterHours }) => silentAfterHours)];
  return (await tx.query<Omit<AlertFinding, 'rule'>>({ name: 'alerts.listen', text: LISTEN, values })).rows;
}
