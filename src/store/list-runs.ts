import type { EntityKey, RunState } from '../contracts/webhook.ts';
import { EVENT_TEXT } from './list-events.ts';
import { holdsText, toListStatement, type Condition } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import { RUN_ROW, toRunRow } from './run-rows.ts';
import type { RunRow, RunRowColumns } from './run-rows.ts';
import { toFirstUuid } from './uuid-range.ts';

/** What a list of runs is narrowed to, and a repair of many. */
export interface RunFilter {
  readonly source?: string | undefined;
  readonly chain?: string | undefined;
  /** Of events of this type. */
  readonly type?: string | undefined;
  readonly state?: RunState | undefined;
  /** Code of the errors table. */
  readonly code?: string | undefined;
  /** Event ids, as they stand in workflow ids. */
  readonly ids?: readonly string[] | undefined;
  readonly entity?: EntityKey | undefined;
  /** Part of the workflow id, of an id of the event, or of the detail. */
  readonly text?: string | undefined;
  /** Of events received at or after. */
  readonly since?: Date | undefined;
  /** Of events received before. */
  readonly until?: Date | undefined;
  /** The last run of the page before. */
  readonly before?: Pick<RunRow, 'eventUuid' | 'chain'> | undefined;
  readonly limit: number;
}

/** A run in a list, and the event that it is of. */
export interface ListedRun extends RunRow {
  readonly source: string;
  readonly eventId: string;
  readonly receivedAt: Date;
}

const LISTED = `SELECT ${RUN_ROW}, e.source, e.event_id, e.received_at FROM runs r JOIN events e ON e.uuid = r.event_uuid`;

/** Runs of the newest events, with the event that each is of. */
export async function listRuns(db: Queryable, { before, limit, ...filter }: RunFilter): Promise<readonly ListedRun[]> {
  const statement = toListStatement({
    name: 'runs.list',
    select: LISTED,
    where: {
      ...toRunConditions(filter),
      // the first comparison is what the index begins at: from `OR` PostgreSQL makes a filter over all pages before
      before: ['r.event_uuid <= ? AND (r.event_uuid < ? OR r.chain > ?)', before?.eventUuid, before?.eventUuid, before?.chain],
    },
    order: 'r.event_uuid DESC, r.chain',
    limit,
  });
  return (await db.query<ListedColumns>(statement)).rows.map(toListedRun);
}

/** The conditions of a filter, over `runs r JOIN events e`. */
export function toRunConditions(filter: Omit<RunFilter, 'before' | 'limit'>): Readonly<Record<string, Condition>> {
  const { source, chain, type, state, code, ids, entity, text, since, until } = filter;
  return {
    source: ['e.source = ?', source],
    chain: ['r.chain = ?', chain],
    type: ['e.type = ?', type],
    state: ['r.state = ?', state],
    code: ['r.code = ?', code],
    ids: ['e.event_id = ANY (?::text[])', ids],
    entity: ['e.entity_type = ? AND e.entity_id = ?', entity?.type, entity?.id],
    text: holdsText(`r.workflow_id, ${EVENT_TEXT}, r.detail`, text),
    since: ['r.event_uuid >= ?', since && toFirstUuid(since)],
    until: ['r.event_uuid < ?', until && toFirstUuid(until)],
  };
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
