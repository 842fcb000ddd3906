import type { Queryable } from './pool.ts';

/** Every rule, in the order in which they are told. */
export const ALERT_RULES = [
  'run.failed',
  'run.taskFailing',
  'effect.unknown',
  'backlog.old',
  'run.slow',
  'source.silent',
  'refusals.spike',
] as const;

/** What it is that needs a person. */
export type AlertRule = (typeof ALERT_RULES)[number];

/** Which alert. */
export interface AlertKey {
  readonly rule: AlertRule;
  /** A chain, one at an action, a source, an action, or `*`. */
  readonly target: string;
}

/** An alert that stands. */
export interface StandingAlert extends AlertKey {
  /** When it was first found true. */
  readonly since: Date;
  /** When it was last found true. */
  readonly seenAt: Date;
  /** Things that it stands for. */
  readonly count: number;
}

/** Something that a look has found to be true. */
export interface AlertFinding extends AlertKey {
  readonly count: number;
  /** By the rule: an event id, a code, a time; never a payload. */
  readonly detail: string | null;
}

/** What a receiver was told of an alert, and has not been given the all-clear of. */
export interface AlertTelling extends AlertKey {
  readonly since: Date;
  readonly toldAt: Date;
  readonly toldCount: number;
}

/** Alerts as they stand, by PostgreSQL's clock. */
export interface AlertState {
  readonly now: Date;
  readonly standing: readonly StandingAlert[];
}

const READ = 'SELECT rule, target, since, seen_at AS "seenAt", count FROM alerts ORDER BY since, rule, target COLLATE "C"';

const WRITE = `
INSERT INTO alerts AS a (rule, target, since, seen_at, count)
SELECT rule, target, since, seen_at, count
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[]) AS t (rule, target, since, seen_at, count)
ON CONFLICT (rule, target) DO UPDATE SET seen_at = excluded.seen_at, count = excluded.count`;

const END = 'DELETE FROM alerts WHERE (rule, target) IN (SELECT rule, target FROM unnest($1::text[], $2::text[]) AS t (rule, target))';

/** Reads all that stands, the oldest first. */
export async function readAlerts(tx: Queryable): Promise<AlertState> {
  const { rows } = await tx.query<{ readonly now: Date }>({ name: 'alerts.now', text: 'SELECT now() AS now' });
  const [clock] = rows;
  if (clock === undefined) throw new Error('PostgreSQL has answered a SELECT without FROM with no row');
  return { now: clock.now, standing: (await tx.query<StandingAlert>({ name: 'alerts.read', text: READ })).rows };
}

/** Writes what stands now, and takes away what is over. */
export async function writeAlerts(
  tx: Queryable,
  { standing, over }: { readonly standing: readonly StandingAlert[]; readonly over: readonly AlertKey[] },
): Promise<void> {
  if (standing.length > 0)
    await tx.query({
      name: 'alerts.write',
      text: WRITE,
      values: [
        ...toKeyColumns(standing),
        standing.map(({ since }) => since),
        standing.map(({ seenAt }) => seenAt),
        standing.map(({ count }) => count),
      ],
    });
  if (over.length > 0) await tx.query({ name: 'alerts.end', text: END, values: toKeyColumns(over) });
}

/** Two columns of alerts for `unnest`. */
export function toKeyColumns(alerts: readonly AlertKey[]): readonly [readonly string[], readonly string[]] {
  return [alerts.map(({ rule }) => rule), alerts.map(({ target }) => target)];
}
