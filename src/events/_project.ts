import { HooklineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { isJsonObject } from '../contracts/json.ts';
import type { EntityKey } from '../contracts/webhook.ts';
import { describeIssues } from './_describe-issues.ts';
import { parseIsoTime } from './_iso-time.ts';
import { sayThrown } from './_say-thrown.ts';
import type { EventDefinition, MapContext, MapPayload } from './define-event.ts';

/** How far ahead of the clock an event of an ordered type may claim to be. */
const MAX_AHEAD_MS = 5 * 60_000;
const MAX_ENTITY_ID = 256;

/** A payload and what is known of it beside. */
export interface ProjectInput extends MapContext {
  readonly providerType: string;
  readonly payload: JsonValue;
  /** What "ahead" is measured against: the receipt's time, or a replay's. */
  readonly now: Date;
}

/** A payload in its canonical type's shape, or why it could not be brought into it. */
export type Projection = { readonly type: string; readonly entity: EntityKey | null } & (
  | { readonly ok: true; readonly data: JsonObject; readonly version: number }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string }
);

/**
 * Maps a provider's payload to its canonical type and lets only what the type's schema names through. `undefined` where no event
 * type knows the provider's type, and where the one that does says that the payload is no such fact. Never throws for a payload; no
 * detail quotes one. Throws `bug.unexpected` at once where two event types claim the same type of a provider, and where a version is no
 * whole number from 1.
 */
export function createProjector(events: readonly EventDefinition[]): (input: ProjectInput) => Projection | undefined {
  const byType = index(events);
  return (input) => {
    const known = byType.get(input.provider)?.get(input.providerType);
    return known === undefined ? undefined : project(known, input);
  };
}

interface Known {
  readonly event: EventDefinition;
  readonly map: MapPayload<unknown>;
}

function project({ event, map }: Known, input: ProjectInput): Projection | undefined {
  const { type } = event;
  const mapped = attempt(() => map(input.payload, input));
  if (!mapped.ok) return { ok: false, type, entity: null, code: 'event.mapFailed', detail: mapped.thrown };
  if (mapped.value === undefined) return undefined;
  const judged = attempt(() => event.schema.safeParse(mapped.value));
  if (!judged.ok) return { ok: false, type, entity: null, code: 'event.schemaMismatch', detail: `the schema threw ${judged.thrown}` };
  if (!judged.value.success) {
    return { ok: false, type, entity: null, code: 'event.schemaMismatch', detail: describeIssues(judged.value.error.issues) };
  }
  const { data } = judged.value;
  const keyed = attempt(() => event.entity(data));
  if (!keyed.ok) return { ok: false, type, entity: null, code: 'event.mapFailed', detail: `\`entity\` threw ${keyed.thrown}` };
  const entity = keyed.value;
  if (!isJsonObject(data))
    return { ok: false, type, entity: null, code: 'event.schemaMismatch', detail: 'expected the schema to give an object' };
  if (entity !== null && !isStorable(entity.id)) {
    return {
      ok: false,
      type,
      entity: null,
      code: 'event.mapFailed',
      detail: `expected an entity id of 1 to ${MAX_ENTITY_ID} characters that can be stored`,
    };
  }
  const ahead = aheadBy(event, data, input);
  if (ahead !== undefined) return { ok: false, type, entity, code: 'event.fromFuture', detail: ahead };
  return { ok: true, type, entity, data, version: versionOf(event) };
}

/** Says which time of an ordered event is too far ahead. Both count: the provider's own, and the one that orders. */
function aheadBy({ order }: EventDefinition, data: JsonObject, { occurredAt, now }: ProjectInput): string | undefined {
  if (order === undefined) return undefined;
  const latest = now.getTime() + MAX_AHEAD_MS;
  const own = data[order.by];
  if (occurredAt.getTime() > latest) return `the event's time is more than 5 minutes ahead`;
  const time = typeof own === 'string' ? parseIsoTime(own) : undefined;
  return time !== undefined && time.getTime() > latest ? `\`/${order.by}\` is more than 5 minutes ahead` : undefined;
}

/** PostgreSQL's text holds no U+0000, and its UTF-8 no lone surrogate. */
function isStorable(id: string): boolean {
  return id.length > 0 && id.length <= MAX_ENTITY_ID && !/\u0000|\p{Surrogate}/u.test(id);
}

function attempt<Value>(act: () => Value): { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly thrown: string } {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { ok: false, thrown: sayThrown(error) };
  }
}

/** The version of an event type's schema. */
export function versionOf({ version = 1 }: Pick<EventDefinition, 'version'>): number {
  return version;
}

function checkVersion(event: EventDefinition): void {
  const version = versionOf(event);
  if (Number.isSafeInteger(version) && version >= 1) return;
  throw new HooklineError('bug.unexpected', {
    expected: 'a version that is a whole number from 1',
    got: String(version),
    where: `event type \`${event.type}\``,
  });
}

/** Maps, not objects: a sender chooses the type, and `constructor` is one. */
function index(events: readonly EventDefinition[]): Map<string, Map<string, Known>> {
  const byType = new Map<string, Map<string, Known>>();
  for (const event of events) {
    checkVersion(event);
    for (const [provider, maps] of Object.entries(event.from)) {
      const ofProvider = byType.get(provider) ?? new Map<string, Known>();
      byType.set(provider, ofProvider);
      for (const [providerType, map] of Object.entries(maps)) {
        const other = ofProvider.get(providerType);
        if (other !== undefined) {
          throw new HooklineError('bug.unexpected', {
            expected: `one event type for \`${providerType}\` of \`${provider}\``,
            got: `\`${other.event.type}\` and \`${event.type}\``,
            where: 'src/events',
          });
        }
        ofProvider.set(providerType, { event, map });
      }
    }
  }
  return byType;
}
