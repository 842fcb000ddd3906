import { HooklineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { toEventId } from '../contracts/ids.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { Identity, IncomingRequest, Source } from '../contracts/webhook.ts';
import { createProjector } from '../events/_project.ts';
import type { EventDefinition } from '../events/define-event.ts';
import type { ProviderDefinition } from '../providers/define-provider.ts';
import { parseJson } from './parse-json.ts';
import { createRouter } from './router.ts';
import type { RoutableChain } from './router.ts';
import { excludeByType } from './type-list.ts';

/** A type is 1 to 200 visible ASCII characters: it stands in rows, logs and metrics. */
const TYPE = /^[\x21-\x7e]{1,200}$/;
const MAX_PROVIDER_ID = 512;
/** The most that a run carries as its event's data, as JSON. */
const MAX_DATA_BYTES = 256 * 1024;
/** Times outside are no event's, and PostgreSQL reads years of five digits otherwise than JavaScript writes them. */
const FIRST_TIME = Date.UTC(1970, 0, 1);
const LAST_TIME = Date.UTC(9999, 11, 31);

/** The events of a verified request, or why it is refused. */
export type Interpretation = { readonly ok: true; readonly events: readonly InterpretedEvent[] } | Refused;

/** A signed request that is not well-formed; the detail never quotes it. */
interface Refused {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly detail: string;
}

/** What interpreting needs to know. */
export interface InterpreterDependencies {
  readonly providers: readonly ProviderDefinition[];
  readonly events: readonly EventDefinition[];
  readonly chains: readonly RoutableChain[];
}

/** What a replay gives beside the stored request. */
export interface InterpretOptions {
  /** What "from the future" is measured against. @default the request's receipt */
  readonly now?: Date;
}

/** Turns a verified request of a source into its events. Pure: the same stored bytes and headers give the same events again. */
export type Interpret = (request: IncomingRequest, source: Source, options?: InterpretOptions) => Interpretation;

/**
 * Builds the way from verified bytes to routed events: parse → identify → map → project → route. Whatever a sender writes gives a
 * refusal with its cause or events, some of them quarantined; it throws for bugs only, such as a source without a provider.
 */
export function createInterpreter({ providers, events, chains }: InterpreterDependencies): Interpret {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const project = createProjector(events);
  const route = createRouter(chains);

  return (request, source, { now = request.receivedAt } = {}) => {
    const provider = byName.get(source.provider);
    if (provider === undefined)
      throw new HooklineError('bug.unexpected', { expected: 'a provider of the catalogue', where: `source \`${source.name}\`` });
    const decoded = provider.decode?.(request);
    if (decoded?.ok === false) return decoded;
    const parsed = parseJson(decoded?.json ?? request.body);
    if (!parsed.ok) return parsed;
    const identities = provider.identify({ ...request, json: parsed.json, options: source.options });
    if (identities.length === 0) return refuse('event.idMissing', 'the request holds no event');
    const interpreted: InterpretedEvent[] = [];
    for (const [index, identity] of identities.entries()) {
      const named = nameOf(identity, identities.length === 1 ? '' : `event ${index}: `);
      if (!named.ok) return named;
      interpreted.push(interpretOne({ identity, id: named.id, type: named.type, source, receivedAt: request.receivedAt, now }));
    }
    return { ok: true, events: interpreted };
  };

  function interpretOne(input: OneEvent): InterpretedEvent {
    const { identity, id, type, source, receivedAt, now } = input;
    const { provider } = source;
    const occurredAt = toStorableTime(identity.occurredAt) ?? receivedAt;
    const test = identity.test === true;
    const unsigned = identity.idUnsigned === true ? { idUnsigned: true } : {};
    const common = { eventId: toEventId(id), providerId: toStorableId(id), providerType: type, occurredAt, test, ...unsigned };

    const projection = project({
      source: source.name,
      provider,
      providerType: type,
      payload: identity.payload,
      occurredAt,
      receivedAt,
      references: source.options.references,
      now,
    });
    const canonical = projection?.type ?? `${provider}:${type}`;
    const known = { ...common, type: canonical, entity: projection?.entity ?? null };
    const excluded = excludeByType(source, { provider, providerType: type, type: canonical });
    if (excluded !== undefined) return { ...known, ...excluded, state: 'ignored', data: null, schemaVersion: null, routes: [] };
    if (projection?.ok === false) return quarantine(known, projection);

    const data = projection?.data ?? identity.payload;
    const routing = route({ source: source.name, eventId: common.eventId, type: canonical, data, test });
    if (!routing.ok) return quarantine(known, routing);
    const { routes } = routing;
    // A raw event that nobody wants keeps its payload in the delivery's body alone.
    if (projection === undefined && routes.length === 0) return settle(known, { data: null, schemaVersion: null, routes });
    const bytes = Buffer.byteLength(JSON.stringify(data));
    if (bytes > MAX_DATA_BYTES)
      return quarantine(known, { code: 'event.dataTooLarge', detail: `expected at most ${MAX_DATA_BYTES} bytes, got ${bytes}` });
    return settle(known, { data, schemaVersion: projection?.version ?? null, routes });
  }
}

interface OneEvent {
  readonly identity: Identity;
  readonly id: string;
  readonly type: string;
  readonly source: Source;
  readonly receivedAt: Date;
  readonly now: Date;
}

type Known = Omit<InterpretedEvent, 'state' | 'code' | 'detail' | 'data' | 'schemaVersion' | 'routes'>;

function settle(known: Known, projected: Pick<InterpretedEvent, 'data' | 'schemaVersion' | 'routes'>): InterpretedEvent {
  return { ...known, state: projected.routes.length > 0 ? 'routed' : 'ignored', code: null, detail: null, ...projected };
}

function quarantine(known: Known, { code, detail }: { readonly code: ErrorCode; readonly detail: string }): InterpretedEvent {
  return { ...known, state: 'quarantined', code, detail: toStorableText(detail), data: null, schemaVersion: null, routes: [] };
}

function nameOf({ id, type }: Identity, where: string): { readonly ok: true; readonly id: string; readonly type: string } | Refused {
  if (id === undefined || id === '') return refuse('event.idMissing', `${where}no id where the source looks for it`);
  if (type === undefined || type === '') return refuse('event.typeMissing', `${where}no type where the source looks for it`);
  if (!TYPE.test(type))
    return refuse('event.typeInvalid', `${where}expected 1 to 200 visible ASCII characters, got ${type.length} characters`);
  return { ok: true, id, type };
}

function refuse(code: ErrorCode, detail: string): Refused {
  return { ok: false, code, detail };
}

/** A time that PostgreSQL can hold; far ones become its last, so that an ordered type still finds them ahead. */
function toStorableTime(time: Date | undefined): Date | undefined {
  if (time === undefined || !(time.getTime() >= FIRST_TIME)) return undefined;
  return time.getTime() > LAST_TIME ? new Date(LAST_TIME) : time;
}

function toStorableId(id: string): string {
  return toStorableText(id.slice(0, MAX_PROVIDER_ID));
}

function toStorableText(text: string): string {
  return text.replace(/\u0000|\p{Surrogate}/gu, '\ufffd');
}
