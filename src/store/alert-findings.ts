import { findOldBacklog } from './alert-backlog.ts';
import { findSlowRuns, findStuckRuns } from './alert-runs.ts';
import { findSilentSources } from './alert-sources.ts';
import type { WatchedSource } from './alert-sources.ts';
import { ALERT_RULES } from './alerts.ts';
import type { AlertFinding, AlertRule } from './alerts.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';

/** What counts as too much. */
export interface AlertLimits {
  /** Refused deliveries of one source in one minute. */
  readonly refusalsPerMinute: number;
  /** Wait for a start. */
  readonly backlogSeconds: number;
  /** From its start a run is under way. */
  readonly slowSeconds: number;
  /** From one look to the next. */
  readonly everyMs: number;
  readonly sources: readonly WatchedSource[];
}

/** What a look has found, and of which rules: one that could not be looked at says nothing of its alerts. */
export interface AlertFindings {
  readonly found: readonly AlertFinding[];
  readonly looked: ReadonlySet<AlertRule>;
}

/** A statement that takes longer is given up. */
const TIMEOUT_MS = 5_000;
const MINUTE_MS = 60_000;

const FAILED = `
SELECT f.chain AS target, f.runs::int AS count, e.event_id AS detail
FROM (SELECT chain, count(*) AS runs, max(seq) AS newest FROM runs WHERE state = 'failed' GROUP BY chain) f
LEFT JOIN runs r ON r.state = 'failed' AND r.chain = f.chain AND r.seq = f.newest LEFT JOIN events e ON e.uuid = r.event_uuid`;

/** One whose run is under way may still be settled by it: its action may be tried again, by its policy. */
const UNKNOWN = `
SELECT x.action AS target, count(*)::int AS count, (array_agg(e.event_id ORDER BY x.updated_at DESC))[1] AS detail
FROM effects x LEFT JOIN events e ON e.uuid = x.event_uuid
WHERE x.state = 'unknown' AND NOT EXISTS (
  SELECT FROM runs r WHERE r.event_uuid = x.event_uuid AND r.ledger = x.ledger AND r.state IN ('pending', 'started', 'repair_requested'))
GROUP BY x.action`;

/** The worst minute of each source, and the cause that most of it had. */
const SPIKES = `
WITH refused AS (
  SELECT source, cause, date_trunc('minute', received_at) AS minute, count(*) AS refusals FROM deliveries
  WHERE outcome = 'refused' AND received_at >= date_trunc('minute', now() - $2 * interval '1 millisecond') GROUP BY 1, 2, 3
  UNION ALL
  SELECT source, cause, minute, count FROM refusal_counters WHERE minute >= date_trunc('minute', now() - $2 * interval '1 millisecond')
), caused AS (
  SELECT source, minute, cause, sum(refusals) AS refusals FROM refused GROUP BY 1, 2, 3
), minutes AS (
  SELECT source, sum(refusals) AS refusals, (array_agg(cause ORDER BY refusals DESC))[1] AS cause FROM caused GROUP BY source, minute
)
SELECT DISTINCT ON (source) source AS target, least(refusals, 1000000000)::int AS count, cause AS detail FROM minutes
WHERE refusals > $1 ORDER BY source, refusals DESC`;

/**
 * Looks for all that needs a person: one short statement or two for each rule, by indexes, each given up after 5 s. A rule that fails is
 * handed to `onFailure`, and the others are looked at all the same.
 */
export async function findAlerts(
  pool: Pool,
  limits: AlertLimits,
  onFailure: (rule: AlertRule, error: unknown) => void,
): Promise<AlertFindings> {
  const { refusalsPerMinute, everyMs, backlogSeconds, slowSeconds, sources } = limits;
  const rules: Readonly<Record<AlertRule, (tx: Queryable) => Promise<readonly Found[]>>> = {
    'run.failed': async (tx) => (await tx.query<Found>({ name: 'alerts.failedRuns', text: FAILED })).rows,
    'effect.unknown': async (tx) => (await tx.query<Found>({ name: 'alerts.unknownEffects', text: UNKNOWN })).rows,
    'run.taskFailing': findStuckRuns,
    'backlog.old': (tx) => findOldBacklog(tx, { seconds: backlogSeconds, rememberSeconds: Math.max(backlogSeconds, slowSeconds) }),
    'run.slow': (tx) => findSlowRuns(tx, { seconds: slowSeconds }),
    'source.silent': (tx) => findSilentSources(tx, sources),
    // the minute that is under way, and all that have ended since the last look
    'refusals.spike': async (tx) =>
      (await tx.query<Found>({ name: 'alerts.refusals', text: SPIKES, values: [refusalsPerMinute, everyMs + MINUTE_MS] })).rows,
  };
  const found: AlertFinding[] = [];
  const looked = new Set<AlertRule>();
  for (const rule of ALERT_RULES) {
    try {
      const ofRule = await transaction(pool, rules[rule], { statementTimeoutMs: TIMEOUT_MS });
      found.push(...ofRule.map(({ target, count, detail }) => ({ rule, target, count, detail })));
      looked.add(rule);
    } catch (error) {
      onFailure(rule, error);
    }
  }
  return { found, looked };
}

type Found = Omit<AlertFinding, 'rule'>;
