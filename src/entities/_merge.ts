import { HooklineError } from '../contracts/errors.ts';

/** The version of a write: what makes one newer than another, in this order. */
export interface WriteVersion {
  /** The event's own time, ISO 8601. */
  readonly time: string;
  /** The event type's rank, for equal times. */
  readonly rank: number;
  /** Decides what is left; any fixed order does. */
  readonly eventId: string;
}

/** An entity as it is stored: values, and for each the version of the write that stands. */
export interface EntityState<Values> {
  readonly fields: Values;
  readonly versions: { readonly [Field in keyof Values]?: WriteVersion };
}

/** What one agent writes on behalf of one event. */
export interface EntityWrite<Values> {
  readonly agent: string;
  readonly version: WriteVersion;
  readonly fields: Values;
}

/** The state after a write, and the fields in which a newer write stood already. */
export interface MergedState<Values> extends EntityState<Values> {
  readonly superseded: readonly string[];
}

interface Merge<Values> {
  readonly type: string;
  readonly owners: ReadonlyMap<string, string>;
  /** Fields that gather what all writes say, and how. */
  readonly joins: ReadonlyMap<string, (standing: unknown, written: unknown) => unknown>;
  readonly current: EntityState<Values>;
  readonly write: EntityWrite<Values>;
}

/**
 * Field by field, the write of the newer version stands: later time, then higher rank, then greater event id. Writes of different
 * versions give the same state in any order; of the same version, which is one event writing again, the one that comes last
 * stands. A field with a join gathers every write, and none of them is superseded. Throws `bug.unexpected` for a field that the entity has not or that the agent does not own.
 */
export function mergeFields<Values extends object>({ type, owners, joins, current, write }: Merge<Values>): MergedState<Values> {
  const fields = new Map<string, unknown>(Object.entries(current.fields));
  const versions = new Map<string, unknown>(Object.entries(current.versions));
  const superseded: string[] = [];
  const version = normalise(write.version);
  for (const [field, value] of Object.entries(write.fields)) {
    if (value === undefined) continue;
    if (owners.get(field) !== write.agent) throw notOwned({ type, field, owner: owners.get(field), agent: write.agent });
    const standing = versions.get(field) as WriteVersion | undefined; // the map holds nothing else; its keys were typed above
    const older = standing !== undefined && compareVersions(version, standing) < 0;
    const join = joins.get(field);
    if (older && join === undefined) {
      superseded.push(field);
      continue;
    }
    fields.set(field, join === undefined || standing === undefined ? value : join(fields.get(field), value));
    versions.set(field, older ? standing : version);
  }
  return {
    fields: Object.fromEntries(fields) as Values, // the same keys and values as those typed above
    versions: Object.fromEntries(versions) as EntityState<Values>['versions'], // likewise
    superseded,
  };
}

/** Negative where `a` is older than `b`, positive where it is newer, 0 where both are one event's. */
function compareVersions(a: WriteVersion, b: WriteVersion): number {
  return Date.parse(a.time) - Date.parse(b.time) || a.rank - b.rank || compareText(a.eventId, b.eventId);
}

function normalise({ time, rank, eventId }: WriteVersion): WriteVersion {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new HooklineError('bug.unexpected', { expected: 'an ISO 8601 time', where: "a write's version" });
  return { time: date.toISOString(), rank, eventId };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function notOwned(facts: {
  readonly type: string;
  readonly field: string;
  readonly owner: string | undefined;
  readonly agent: string;
}): HooklineError {
  return new HooklineError('bug.unexpected', {
    expected: facts.owner === undefined ? 'a field of the entity' : `a write by \`${facts.owner}\``,
    got: facts.owner === undefined ? `\`${facts.field}\`` : `one by \`${facts.agent}\``,
    where: `entity \`${facts.type}\`${facts.owner === undefined ? '' : `, field \`${facts.field}\``}`,
  });
}
