import type { AlertFinding } from './alerts.ts';
import type { Queryable } from './pool.ts';

/** Beyond so many nobody needs to know how many. */
const MOST_COUNTED = 10_000;
/** Of the runs that wait for another start, so many of the first are followed. */
const MOST_FOLLOWED = 1_000;

const AGO = `now() - $1 * interval '1 second'`;
const SOURCE = `split_part(r.workflow_id, '.', 1)`; // no part of it holds a dot
const TO_START = `r.state IN ('pending', 'repair_requested')`;
/** First starts, whose age their seq tells: not the receipt of the event, which may have been held or quarantined for days. */
const FIRST = `r.state = 'pending' AND r.restarts = 0`;
/** The words of index `runs_to_restart`. */
const RESTART = `(r.state = 'repair_requested' OR r.state = 'pending' AND r.restarts > 0)`;

/** That nothing of a run has been stopped on purpose since a time. */
function unstoppedSince(time: string): string {
  // in the words of `notStopped`, whose comment says why
  const unnamed = (kind: 'source' | 'chain', name: string): string =>
    `CASE WHEN ${name} = ANY (ARRAY(SELECT name FROM alert_stops WHERE kind = '${kind}' AND seen_at >= ${time})) THEN NULL ELSE true END IS NOT NULL`;
  const noneAtAll = `NOT EXISTS (SELECT FROM alert_stops WHERE kind = 'all' AND seen_at >= ${time})`;
  return [noneAtAll, unnamed('source', SOURCE), unnamed('chain', 'r.chain')].join(' AND ');
}

/** A mark each tenth of the time, and none older than it takes. */
const MARK = `
INSERT INTO alert_marks (at, seq) SELECT now(), CASE WHEN is_called THEN last_value ELSE 0 END FROM runs_seq_seq
WHERE NOT EXISTS (SELECT FROM alert_marks WHERE at > now() - $1 * interval '100 milliseconds') ON CONFLICT DO NOTHING`;
const FORGET_MARKS = `DELETE FROM alert_marks WHERE at < (SELECT max(at) FROM alert_marks WHERE at <= ${AGO})`;

const STOPS = `
INSERT INTO alert_stops (kind, name, seen_at) SELECT DISTINCT kind, name, now() FROM switches WHERE kind IN ('all', 'source', 'chain')
ON CONFLICT (kind, name) DO UPDATE SET seen_at = excluded.seen_at`;
const FORGET_STOPS = `DELETE FROM alert_stops WHERE seen_at < ${AGO}`;

const FOLLOW = `
WITH waiting AS MATERIALIZED (
  SELECT r.event_uuid, r.chain, r.attempt, r.restarts FROM runs r WHERE ${RESTART}
    AND ${unstoppedSince('now()')} ORDER BY r.seq LIMIT ${MOST_FOLLOWED}
), gone AS (
  DELETE FROM alert_restarts a
  WHERE NOT EXISTS (SELECT FROM waiting w WHERE w.event_uuid = a.event_uuid AND w.chain = a.chain)
)
INSERT INTO alert_restarts AS a (event_uuid, chain, attempt, restarts) SELECT event_uuid, chain, attempt, restarts FROM waiting
ON CONFLICT (event_uuid, chain) DO UPDATE SET attempt = excluded.attempt, restarts = excluded.restarts, first_seen = excluded.first_seen
WHERE (a.attempt, a.restarts) <> (excluded.attempt, excluded.restarts)`;

const OLD = `
SELECT '*' AS target, count(*)::int AS count, (array_agg(event ORDER BY seq))[1] AS detail FROM (
  (SELECT r.seq, split_part(r.workflow_id, '.', 2) AS event FROM runs r
   WHERE ${TO_START} AND ${FIRST} AND r.seq <= (SELECT max(seq) FROM alert_marks WHERE at <= ${AGO}) AND ${unstoppedSince(AGO)}
   ORDER BY r.seq LIMIT ${MOST_COUNTED})
  UNION ALL
  SELECT r.seq, split_part(r.workflow_id, '.', 2) FROM alert_restarts a JOIN runs r USING (event_uuid, chain)
  WHERE a.first_seen <= ${AGO} AND ${RESTART} AND (r.attempt, r.restarts) = (a.attempt, a.restarts)
) waiting HAVING count(*) > 0`;

/**
 * Finds the runs that have waited for their start for longer than so many seconds while nobody had stopped them: under one target, `*`,
 * at most 10,000 and 1,000 of those that wait for another start. The detail is one of their events. What was stopped is given as long
 * again to catch up. Knows nothing in the first so many seconds that anybody looks. Needs a transaction: `now()` must not go on meanwhile.
 */
export async function findOldBacklog(
  tx: Queryable,
  { seconds }: { readonly seconds: number },
): Promise<readonly Omit<AlertFinding, 'rule'>[]> {
  const values = [seconds];
  await tx.query({ name: 'alerts.stops', text: STOPS });
  await tx.query({ name: 'alerts.forgetStops', text: FORGET_STOPS, values });
  await tx.query({ name: 'alerts.mark', text: MARK, values });
  await tx.query({ name: 'alerts.forgetMarks', text: FORGET_MARKS, values });
  await tx.query({ name: 'alerts.follow', text: FOLLOW });
  return (await tx.query<Omit<AlertFinding, 'rule'>>({ name: 'alerts.oldBacklog', text: OLD, values })).rows;
}
