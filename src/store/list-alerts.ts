import type { Queryable } from './pool.ts';

/** What needs a person, from when it was found until its all-clear. */
export interface AlertRow {
  readonly rule: string;
  /** A chain, a source, an action. */
  readonly target: string;
  readonly since: Date;
  /** When it was last found true. */
  readonly seenAt: Date;
  /** Things that it stands for. */
  readonly count: number;
  /** Null while nobody could be told. */
  readonly toldAt: Date | null;
}

/** What needs a person at the moment, by rule and target. */
export async function listAlerts(db: Queryable): Promise<readonly AlertRow[]> {
  const text = 'SELECT rule, target, since, seen_at AS "seenAt", count, told_at AS "toldAt" FROM alerts ORDER BY rule, target COLLATE "C"';
  return (await db.query<AlertRow>({ name: 'alerts.listStanding', text })).rows;
}
