import { isDeepStrictEqual } from 'node:util';
import type { Facts } from '../facts.ts';
import { groupBy, isDone, toPlace, type JoinedEvent, type JoinedFacts } from '../join-facts.ts';
import type { Violation } from '../verdict.ts';

/** Every entity, and the CRM's copy of each customer, stands as its newest event says. One with a run that is not done is not judged: the run is. */
export function checkEntities({ entities }: Facts, joined: JoinedFacts): readonly Violation[] {
  const stored = new Map(entities.map(({ type, id, fields }) => [toPlace(type, id), fields]));
  const groups = groupBy(
    joined.events.filter((event) => event.stored.length > 0),
    ({ sent }) => toPlace(sent.entity.type, sent.entity.id),
  );
  return [...groups].flatMap(([about, events]) => {
    const newest = events.every(isDone) ? newestOf(events) : undefined;
    if (newest === undefined) return [];
    return [...judgeEntity(about, newest, stored.get(about) ?? {}), ...judgeCrm(newest, joined)];
  });
}

function newestOf(events: readonly JoinedEvent[]): JoinedEvent | undefined {
  return events.toSorted((a, b) => (a.sent.entity.version < b.sent.entity.version ? -1 : 1)).at(-1);
}

function judgeEntity(about: string, { sent }: JoinedEvent, fields: Readonly<Record<string, unknown>>): readonly Violation[] {
  return Object.entries(sent.entity.says)
    .filter(([field, value]) => !isDeepStrictEqual(fields[field], value))
    .map(([field]) => ({ rule: 'entity.stale', about, detail: `\`${field}\` is not what event ${sent.id} says` }));
}

function judgeCrm({ sent: { id, entity } }: JoinedEvent, { performed }: JoinedFacts): readonly Violation[] {
  if (entity.type !== 'customer') return [];
  const last = performed.get(toPlace('crm', entity.id))?.at(-1);
  if (last?.version === entity.version) return [];
  return [
    {
      rule: 'crm.stale',
      about: entity.id,
      detail: last === undefined ? `event ${id} has not reached it` : `it has not what event ${id} says`,
    },
  ];
}
