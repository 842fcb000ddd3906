import type { RunState } from '../contracts/webhook.ts';
import type { Queryable } from './pool.ts';
import { RUN_ROW, toRunRow } from './run-rows.ts';
import type { RunRow, RunRowColumns } from './run-rows.ts';
import { toFirstUuid } from './uuid-range.ts';

/** What a list of runs is narrowed to. */
export interface RunFilter {
  readonly source?: string | undefined;
  readonly chain?: string | undefined;
  readonly state?: RunState | undefined;
  /** Code of the errors table. */
  readonly code?: string | undefined;
  /** Of events received at or after. */
  readonly since?: Date | undefined;
  readonly limit: number;
}

/** A run in a list, and the event that it is of. */
export interface ListedRun extends RunRow {
  readonly source: string;
  readonly eventId: string;
  readonly receivedAt: Date;
}

const LISTED = `SELECT ${RUN_ROW}, e.source, e.event_id, e.received_at FROM runs r JOIN events e ON e.uuid = r.event_uuid`;

const LIST = `${LISTED}
WHERE ($1::text IS NULL OR e.source = $1) AND ($2::text IS NULL OR r.chain = $2) AND ($3::text IS NULL OR r.state = $3)
  AND ($4::text IS NULL OR r.code = $4) AND ($5::uuid IS NULL OR r.event_uuid >= $5)
ORDER BY r.event_uuid DESC, r.chain LIMIT $6`;

/** Runs of the newest events, with the event that each is of. */
export async function listRuns(db: Queryable, { source, chain, state, code, since, limit }: RunFilter): Promise<readonly ListedRun[]> {
  const values = [source, chain, state, code, since && toFirstUuid(since), limit];
  return (await db.query<ListedColumns>({ name: 'runs.list', text: LIST, values })).rows.map(toListedRun);
}

/** The run of a workflow id; `undefined` where there is none. */
export async function findRun(db: Queryable, workflowId: string): Promise<ListedRun | undefined> {
  const { rows } = await db.query<ListedColumns>({ name: 'runs.find', text: `${LISTED} WHERE r.workflow_id = $1`, values: [workflowId] });
  return rows[0] && toListedRun(rows[0]);
}

interface ListedColumns extends RunRowColumns {
  readonly source: string;
  readonly event_id: string;
  readonly received_at: Date;
}

function toListedRun(row: ListedColumns): ListedRun {
  return { ...toRunRow(row), source: row.source, eventId: row.event_id, receivedAt: row.received_at };
}
