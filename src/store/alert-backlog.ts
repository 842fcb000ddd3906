import { forgetStops, noteStops, unstoppedSince } from './alert-stops.ts';
import type { AlertFinding } from './alerts.ts';
import type { Queryable } from './pool.ts';

/** Beyond so many nobody needs to know how many. */
const MOST_COUNTED = 10_000;
/** Of the runs that wait for another start, so many of the first are followed. */
const MOST_FOLLOWED = 1_000;

const AGO = `now() - $1 * interval '1 second'`;
const TO_START = `r.state IN ('pending', 'repair_requested')`;
/** First starts, whose age their seq tells: not the receipt of the event, which may have been held or quarantined for days. */
const FIRST = `r.state = 'pending' AND r.restarts = 0`;
/** The words of index `runs_to_restart`. */
const RESTART = `(r.state = 'repair_requested' OR r.state = 'pending' AND r.restarts > 0)`;

/** A mark each tenth of the time, and none older than it takes. */
const MARK = `
INSERT INTO alert_marks (at, seq) SELECT now(), CASE WHEN is_called THEN last_value ELSE 0 END FROM runs_seq_seq
WHERE NOT EXISTS (SELECT FROM alert_marks WHERE at > now() - $1 * interval '100 milliseconds') ON CONFLICT DO NOTHING`;
const FORGET_MARKS = `DELETE FROM alert_marks WHERE at < (SELECT max(at) FROM alert_marks WHERE at <= ${AGO})`;

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
 * again to catch up; when it was is remembered for `rememberSeconds`, for other rules. Knows nothing in the first so many seconds that anybody looks. Needs a transaction: `now()` must not go on meanwhile.
 */
export async function findOldBacklog(
  tx: Queryable,
  { seconds, rememberSeconds = seconds }: { readonly seconds: number; readonly rememberSeconds?: number },
): Promise<readonly Omit<AlertFinding, 'rule'>[]> {
  const values = [seconds];
  await noteStops(tx);
  await forgetStops(tx, { seconds: rememberSeconds });
  await tx.query({ name: 'alerts.mark', text: MARK, values });
  await tx.query({ name: 'alerts.forgetMarks', text: FORGET_MARKS, values });
  await tx.query({ name: 'alerts.follow', text: FOLLOW });
  return (await tx.query<Omit<AlertFinding, 'rule'>>({ name: 'alerts.oldBacklog', text: OLD, values })).rows;
}
