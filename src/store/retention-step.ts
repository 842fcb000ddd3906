import type { Pool, Session } from './pool.ts';
import { transaction } from './pool.ts';

/** What is removed, as the metric names it. */
export type RemovedKind = 'bodies' | 'deliveries' | 'events' | 'effects' | 'bodyKeys' | 'audit';

/** The times before which things have outlived their ages; all by PostgreSQL's clock. */
export interface RetentionCutoffs {
  /** Of bodies and projected data. */
  readonly body: Date;
  readonly delivery: Date;
  /** Of events and their runs: never later than that of the dedupe horizon. */
  readonly event: Date;
  readonly effect: Date;
  readonly dedupe: Date;
  readonly audit: Date;
  /** A run that has ended after it keeps its event's body and data. */
  readonly settledBody: Date;
  /** A run that has ended after it keeps its event. */
  readonly settledEvent: Date;
}

/** Where a walk over a table stands: the key of the last row that was looked at. */
export type RetentionCursor = readonly (string | number)[];

/** What one page of a walk has come to. */
export interface RetentionPage {
  readonly removed: number;
  /** Of the last row that was looked at; null where none was left. */
  readonly last: RetentionCursor | null;
}

/** One walk over one table, in order of its primary key, a page at a time. */
export interface RetentionStep {
  readonly name: string;
  readonly what: RemovedKind;
  /** Before the first row. */
  readonly start: RetentionCursor;
  /**
   * True where keys sort by time: rows behind the cursor are then either gone, or had a reason to stay. Otherwise the walk goes over
   * the whole table.
   */
  readonly byTime: boolean;
  /** Looks at the next page, at most 500 rows, and removes what may leave; one transaction, all of it or nothing. */
  page(after: RetentionCursor, cutoffs: RetentionCutoffs): Promise<RetentionPage>;
}

/** Rows that a page looks at. */
export const PAGE_ROWS = 500;
/**
 * The deliveries of a page, of those after `$1` and before `$2`: fewer where their bodies together are larger than 16 MiB, since
 * PostgreSQL removes a large value in pieces of 2 KB, and a page must be done in time.
 */
export const DELIVERY_PAGE = `page AS MATERIALIZED (
  SELECT id, source, event_ids, kept FROM (
    SELECT *, sum(CASE WHEN kept THEN body_bytes ELSE 0 END) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
    FROM (SELECT id, source, event_ids, body_bytes, body IS NOT NULL AS kept FROM deliveries WHERE id > $1 AND id < $2 ORDER BY id LIMIT ${PAGE_ROWS})
      AS first_rows
  ) AS summed WHERE coalesce(bytes_before, 0) < ${16 * 1024 * 1024}
)`;
/** The lowest UUID there is. */
export const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

const STATEMENT_TIMEOUT_MS = 5_000;
/** Shorter than PostgreSQL waits before it looks for a deadlock: retention is always the one that gives way. */
const LOCK_TIMEOUT_MS = 200;

/** A transaction of retention: its statements may take 5 s, and whoever has a row that it wants has it 0.2 s later still. */
export function retentionTransaction<Result>(pool: Pool, work: (tx: Session) => Promise<Result>): Promise<Result> {
  return transaction(
    pool,
    async (tx) => {
      await tx.run(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      return work(tx);
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
}

/**
 * True for an event `e` that somebody may still need whole: it waits for a person (held, quarantined, a run failed or stopped, an
 * effect of which nobody knows), or for its run, or its last run has ended after `$settled`.
 */
export function isNeeded(settled: string): string {
  return `(e.state IN ('held', 'quarantined')
    OR EXISTS (SELECT FROM runs r WHERE r.event_uuid = e.uuid AND (r.state <> 'done' OR r.closed_at IS NULL OR r.closed_at >= ${settled}::timestamptz))
    OR EXISTS (SELECT FROM effects x WHERE x.event_uuid = e.uuid AND x.state = 'unknown'))`;
}
