import { noneSince, noteStops, unstoppedSince } from './alert-stops.ts';
import type { AlertFinding } from './alerts.ts';
import type { Queryable } from './pool.ts';

type Found = Omit<AlertFinding, 'rule'>;

/** A deploy may meet a run with the wrong code for a moment. */
const STUCK_SECONDS = 60;
/** Beyond so many nobody needs to know how many. */
const MOST_COUNTED = 10_000;

const STUCK = `
SELECT chain AS target, count(*)::int AS count, (array_agg(split_part(workflow_id, '.', 2) ORDER BY seq))[1] AS detail FROM runs
WHERE state = 'started' AND stuck_since IS NOT NULL AND stuck_since <= now() - ${STUCK_SECONDS} * interval '1 second' GROUP BY chain`;

/** Finds the started runs that Temporal has not been able to carry on for a minute, by chain; the detail is the event of the first. */
export async function findStuckRuns(tx: Queryable): Promise<readonly Found[]> {
  return (await tx.query<Found>({ name: 'alerts.stuckRuns', text: STUCK })).rows;
}

const AGO = `now() - $1 * interval '1 second'`;
const SLOW = `
SELECT target, count(*)::int AS count, (array_agg(event ORDER BY started_at))[1] AS detail FROM (
  SELECT r.chain || coalesce(' at ' || open.action, '') AS target, r.started_at, split_part(r.workflow_id, '.', 2) AS event
  FROM runs r LEFT JOIN LATERAL (
    SELECT x.action FROM effects x
    WHERE x.event_uuid = r.event_uuid AND x.ledger = r.ledger AND x.round >= r.round AND x.state IN ('intended', 'sending', 'unknown')
    ORDER BY x.intended_at DESC LIMIT 1
  ) open ON true
  WHERE r.state = 'started' AND r.started_at <= ${AGO} AND r.stuck_since IS NULL
    AND ${unstoppedSince(AGO)} AND ${noneSince(['agent', 'adapter'], AGO)}
  ORDER BY r.started_at LIMIT ${MOST_COUNTED}
) slow GROUP BY target`;

/**
 * Finds the runs that were started more than so many seconds ago and have not ended, by chain and, where the ledger knows it, the action
 * that they stand at: `new-order at email.sendOrderConfirmation`; at most 10,000. The detail is the event of the oldest. What was stopped
 * on purpose is given as long again to catch up; while an agent or an adapter is paused nothing is slow, for the rows do not tell which
 * runs wait for it. A chain that sleeps is slow as well. Needs a transaction.
 */
export async function findSlowRuns(tx: Queryable, { seconds }: { readonly seconds: number }): Promise<readonly Found[]> {
  await noteStops(tx);
  return (await tx.query<Found>({ name: 'alerts.slowRuns', text: SLOW, values: [seconds] })).rows;
}
