import type { Pool } from '../../src/store/pool.ts';
import type { RetentionAges } from '../../src/store/retention.ts';
import type { OldEvent, OldRows } from './old-rows.ts';

/** What stands in the tables, by the positions of `OldRows`: `3` is a delivery, `3.0` its first event, `3.0.1` an effect of it. */
export interface Remains {
  readonly deliveries: readonly string[];
  readonly bodies: readonly string[];
  readonly events: readonly string[];
  /** Events that still have data. */
  readonly data: readonly string[];
  readonly runs: readonly string[];
  readonly effects: readonly string[];
  readonly bodyKeys: readonly string[];
  readonly refusalCounts: readonly string[];
  readonly audit: readonly string[];
}

const SETTLING_DAYS = 7;

/** What must be left, by the rules as they are written for people; times are days with a half, so that none stands on an edge. */
export function toRemains(rows: OldRows, ages: RetentionAges): Remains {
  const eventDays = Math.max(ages.eventDays, ages.dedupeDays);
  const bodyDays = Math.min(ages.bodyDays, eventDays);
  const isNeeded = ({ state, runs, effects }: OldEvent, settling: number): boolean =>
    state === 'held' ||
    state === 'quarantined' ||
    runs.some((run) => run.state !== 'done' || run.closedDays < Math.min(SETTLING_DAYS, settling)) ||
    effects.some((effect) => effect.state === 'unknown');
  const left = rows.deliveries.map(({ days, kind, events }, index) => {
    const outlived = days > ages.bodyDays || (events.length > 0 && days > eventDays);
    const body = kind !== 'unverified' && !(outlived && !events.some((event) => isNeeded(event, bodyDays)));
    const ownEvents = events.flatMap((event, position) => {
      const stays = days < eventDays || isNeeded(event, eventDays) || body;
      return stays ? [{ name: `${index}.${position}`, event }] : [];
    });
    return { name: `${index}`, body, stays: days < ages.deliveryDays || (body && events.length > 0), events: ownEvents, all: events };
  });
  const staying = left.flatMap(({ events }) => events);
  const names = (list: readonly number[], days: number): readonly string[] =>
    list.flatMap((age, index) => (age < days ? [`${index}`] : []));
  return {
    deliveries: left.filter(({ stays }) => stays).map(({ name }) => name),
    bodies: left.filter(({ body, stays }) => body && stays).map(({ name }) => name),
    events: staying.map(({ name }) => name),
    data: left.flatMap(({ body, events }) => (body ? events.map(({ name }) => name) : [])),
    runs: staying.flatMap(({ name, event }) => event.runs.map((_run, number) => `${name}.${number}`)),
    effects: [
      ...left.flatMap(({ name, events, all }) =>
        all.flatMap((event, position) =>
          event.effects.flatMap(({ days, state }, number) => {
            const gone = !events.some((one) => one.name === `${name}.${position}`);
            return gone && days > ages.effectDays && state !== 'unknown' ? [] : [`${name}.${position}.${number}`];
          }),
        ),
      ),
      ...rows.orphans.flatMap(({ days, state }, index) => (days > ages.effectDays && state !== 'unknown' ? [] : [`orphan ${index}`])),
    ],
    bodyKeys: names(rows.bodyKeys, ages.dedupeDays),
    refusalCounts: names(rows.refusalCounts, ages.deliveryDays),
    audit: names(rows.audit, ages.auditDays),
  };
}

/** What is there. */
export async function readRemains(pool: Pool): Promise<Remains> {
  const names = async (text: string): Promise<readonly string[]> =>
    (await pool.query<{ readonly name: string }>({ name: `test.remains ${text}`.slice(0, 60), text })).rows.map(({ name }) => name).sort();
  return {
    deliveries: await names('SELECT remote_address AS name FROM deliveries'),
    bodies: await names('SELECT remote_address AS name FROM deliveries AS with_body WHERE body IS NOT NULL'),
    events: await names('SELECT provider_id AS name FROM events'),
    data: await names('SELECT provider_id AS name FROM events AS with_data WHERE data IS NOT NULL'),
    runs: await names('SELECT workflow_id AS name FROM runs'),
    effects: await names('SELECT key AS name FROM effects'),
    bodyKeys: await names('SELECT event_id AS name FROM signed_bodies'),
    refusalCounts: await names('SELECT cause AS name FROM refusal_counters'),
    audit: await names('SELECT target AS name FROM audit'),
  };
}

/** The same, in the order in which `readRemains` reads. */
export function sorted(remains: Remains): Remains {
  const entries = Object.entries<readonly string[]>({ ...remains });
  return Object.fromEntries(entries.map(([table, names]) => [table, names.toSorted()])) as unknown as Remains; // its own keys, sorted
}
