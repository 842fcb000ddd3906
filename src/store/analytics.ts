import { toTimestamp } from './columns.ts';
import type { Queryable } from './pool.ts';

/** A fact to be counted. */
export interface AnalyticsRow {
  /** Unique: a second row under it is the same fact. */
  readonly key: string;
  readonly name: string;
  /** What it is about. */
  readonly subject: string;
  readonly value: number;
  /** ISO 4217; null for what is no money, or money of an unnamed currency. */
  readonly currency: string | null;
  readonly occurredAt: Date;
}

/** Appends a fact, once for each key; true where this call has made the row. Counts are sums over rows, never a counter. */
export async function record(db: Queryable, { key, name, subject, value, currency, occurredAt }: AnalyticsRow): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'analytics.record',
    text: `INSERT INTO analytics (key, name, subject, value, currency, occurred_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING`,
    values: [key, name, subject, value, currency, toTimestamp(occurredAt)],
  });
  return rowCount === 1;
}
