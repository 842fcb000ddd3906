import type { ActionCall } from '../contracts/run.ts';
import type { Queryable } from './pool.ts';
import type { SetSwitch } from './switches.ts';

/** An adapter to the outside that operators can pause by its name. */
export type AdapterName = 'mail' | 'crm' | 'warehouse' | 'team';

/** What an action is to the stop switches: each of these can be paused. */
export interface Stoppable {
  readonly call: Pick<ActionCall, 'source' | 'action'>;
  /** The workflow type of the run. */
  readonly chain: string;
  /** Through which the effect is about to go out. @default none yet */
  readonly adapter?: AdapterName | undefined;
}

/** The switch by which an action is stopped: of several the one that was set first. */
export interface Stop extends Pick<SetSwitch, 'verb' | 'kind' | 'name'> {
  /** How long it has been set, by PostgreSQL's clock. */
  readonly ageMs: number;
}

/** Columns of `STOP`; all of them null where nothing stops the action. */
export interface StopColumns {
  readonly stop_verb: SetSwitch['verb'] | null;
  readonly stop_kind: SetSwitch['kind'] | null;
  readonly stop_name: string | null;
  readonly stop_ms: number | null;
}

/** Rows of the switches that stop an action, which is parameters `from` to `from + 3` of the statement (see `stopValues`). */
function ofAction(from: number): string {
  const named = ['source', 'chain', 'agent', 'adapter'].map((kind, index) => `('${kind}', $${from + index}::text)`).join(', ');
  return `FROM switches WHERE verb = 'hold' AND kind = 'all' OR verb = 'pause' AND (kind, name) IN (${named})`;
}

/**
 * The condition that nothing stops an action. Meant for a statement that is made anyway, so that what it looks at and what it writes are
 * of one snapshot; costs next to nothing while no switch is set.
 */
export function toUnstopped(from: number): string {
  return `NOT EXISTS (SELECT ${ofAction(from)})`;
}

/** At most one row: the switch that stops an action, for a CTE of such a statement. */
export function toStopQuery(from: number): string {
  return `SELECT verb AS stop_verb, kind AS stop_kind, name AS stop_name, extract(epoch FROM now() - since)::float8 * 1000 AS stop_ms
  ${ofAction(from)} ORDER BY since LIMIT 1`;
}

/** The values of the four parameters. */
export function stopValues({ call, chain, adapter }: Stoppable): readonly [string, string, string, string | null] {
  return [call.source, chain, call.action.slice(0, call.action.indexOf('.')), adapter ?? null];
}

/** Makes a stop of its columns. */
export function toStop({ stop_verb: verb, stop_kind: kind, stop_name: name, stop_ms: ageMs }: StopColumns): Stop | undefined {
  return verb === null || kind === null || name === null || ageMs === null ? undefined : { verb, kind, name, ageMs };
}

/** The switch that stops an action now; `undefined` where nothing does. */
export async function findStop(db: Queryable, stoppable: Stoppable): Promise<Stop | undefined> {
  const { rows } = await db.query<StopColumns>({ name: 'stops.find', text: toStopQuery(1), values: stopValues(stoppable) });
  return rows[0] === undefined ? undefined : toStop(rows[0]);
}

/** The switch by which an adapter is paused, or everything is held; `undefined` where it is neither. */
export async function findAdapterStop(db: Queryable, adapter: AdapterName): Promise<Stop | undefined> {
  const values = [null, null, null, adapter];
  const { rows } = await db.query<StopColumns>({ name: 'stops.find', text: toStopQuery(1), values });
  return rows[0] === undefined ? undefined : toStop(rows[0]);
}
