import type { RunState } from '../contracts/webhook.ts';
import { toRunConditions, type RunFilter } from './list-runs.ts';
import { toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import type { RunKey } from './runs.ts';
import { REPAIRED } from './run-repair.ts';

/** Which closed runs are to start again. */
export interface RepairFilter extends Pick<RunFilter, 'source' | 'chain' | 'code' | 'since' | 'until'> {
  readonly state: Extract<RunState, 'failed' | 'stopped'>;
}

/** How many runs of a chain closed for one reason. */
export interface RepairGroup {
  readonly chain: string;
  readonly code: string | null;
  readonly runs: number;
}

/** A closed run, and what its event's data are. */
export interface Repairable extends RunKey {
  readonly type: string;
  /** Of the schema that has projected the data. */
  readonly schemaVersion: number | null;
  /** False where the data are no longer kept. */
  readonly hasData: boolean;
}

/** Counts the runs that a filter lets through, by chain and code, most first. */
export async function countRepairable(db: Queryable, filter: RepairFilter): Promise<readonly RepairGroup[]> {
  const statement = toListStatement({
    name: 'runs.countRepairable',
    select: 'SELECT r.chain, r.code, count(*)::float8 AS runs FROM runs r JOIN events e ON e.uuid = r.event_uuid',
    where: toRunConditions(filter),
    groupBy: 'r.chain, r.code',
    order: 'runs DESC, r.chain, r.code',
    limit: MOST_GROUPS,
  });
  return (await db.query<RepairGroup>(statement)).rows;
}

const LOCKED = `
SELECT r.event_uuid AS "eventUuid", r.chain, e.type, e.schema_version AS "schemaVersion", e.data IS NOT NULL AS "hasData"
FROM runs r JOIN events e ON e.uuid = r.event_uuid`;

/**
 * The next runs that a filter lets through after one of them, oldest receipt first, locked until the end of the caller's transaction,
 * and their events before them: retention takes no data from them meanwhile. Those that another transaction holds are waited for.
 */
export async function lockRepairable(
  tx: Queryable,
  { filter, after, limit }: { readonly filter: RepairFilter; readonly after: RunKey | undefined; readonly limit: number },
): Promise<readonly Repairable[]> {
  const statement = toListStatement({
    name: 'runs.lockRepairable',
    select: LOCKED,
    where: {
      ...toRunConditions(filter),
      after: ['(r.event_uuid, r.chain) > (?::uuid, ?)', after?.eventUuid, after?.chain],
    },
    order: 'r.event_uuid, r.chain',
    limit,
    lock: 'FOR NO KEY UPDATE OF e FOR UPDATE OF r',
  });
  return (await tx.query<Repairable>(statement)).rows;
}

const REPAIR = `
UPDATE runs r SET ${REPAIRED}
FROM unnest($1::uuid[], $2::text[]) AS t (event_uuid, chain)
WHERE r.event_uuid = t.event_uuid AND r.chain = t.chain AND r.state IN ('failed', 'stopped')`;

/** Asks runs to start again as their next attempt; resolves to how many were asked: those that are not closed any more are not. */
export async function repairMany(tx: Queryable, keys: readonly RunKey[]): Promise<number> {
  const values = [keys.map(({ eventUuid }) => eventUuid), keys.map(({ chain }) => chain)];
  return (await tx.query({ name: 'runs.repairMany', text: REPAIR, values })).rowCount ?? 0;
}

/**
 * Locks an event and every run of it until the end of the caller's transaction: no run starts or ends before, and retention takes nothing
 * away. The event first, as everybody does who locks both.
 */
export async function lockEventWithRuns(tx: Queryable, eventUuid: string): Promise<void> {
  const values = [eventUuid];
  await tx.query({ name: 'events.lockOne', text: 'SELECT FROM events WHERE uuid = $1 FOR UPDATE', values });
  await tx.query({
    name: 'runs.lockOfEvent',
    text: 'SELECT FROM runs WHERE event_uuid = $1 ORDER BY event_uuid, chain FOR UPDATE',
    values,
  });
}

const MOST_GROUPS = 1_000;
