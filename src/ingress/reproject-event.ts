import { describe } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { Source } from '../contracts/webhook.ts';
import { versionOf } from '../events/_project.ts';
import { events as catalogue } from '../events/catalogue.gen.ts';
import type { EventDefinition } from '../events/define-event.ts';
import { providers } from '../providers/catalogue.gen.ts';
import { readStoredRequest, rewriteEventData } from '../store/event-data.ts';
import type { EventRow } from '../store/events.ts';
import type { Queryable } from '../store/pool.ts';
import { createInterpreter } from './interpret.ts';
import { reinterpret } from './reinterpret.ts';

/** A routed event whose runs are about to be started again. */
export interface ReprojectWish {
  /** A pool, or the caller's transaction. */
  readonly db: Queryable;
  readonly event: EventRow;
  /** As the settings have them now. */
  readonly sources: readonly Source[];
  readonly now: Date;
  /** @default the catalogue */
  readonly events?: readonly EventDefinition[];
}

/** What has become of the event's data, and what is to be said of it. */
export type Reprojected =
  /** They are of the code's version, or of a raw type, which has none. */
  | { readonly did: 'nothing' }
  | { readonly did: 'projected'; readonly from: number; readonly to: number; readonly note: string }
  /** They are of an older version, and stay so, since the body is no longer kept: the runs start with them as they are. */
  | { readonly did: 'kept'; readonly code: 'event.bodyGone'; readonly note: string }
  /** Nothing has changed, and the runs must not be started. */
  | { readonly did: 'refused'; readonly code: ErrorCode; readonly reason: string };

/**
 * Makes a routed event ready to be started again: data of an older version of their type's schema are projected anew from the stored
 * body. Only data and version change, never type, entity or routes, and neither the source's lists nor any `when` is asked. Refuses
 * what has no data any more, and what the newer schema does not take.
 */
export async function reprojectEvent({ db, event, sources, now, events = catalogue }: ReprojectWish): Promise<Reprojected> {
  if (event.state !== 'routed') return { did: 'nothing' };
  if (event.bodyGone && event.data === null) return BODY_GONE;
  const definition = events.find(({ type }) => type === event.type);
  const from = event.schemaVersion ?? 1; // rows older than versions are of the first
  const to = definition === undefined ? from : versionOf(definition);
  if (to <= from) return { did: 'nothing' };

  const request = await readStoredRequest(db, event.deliveryId);
  if (request === undefined) {
    const note = `its body is no longer kept: its data stay those of version ${from} of the schema, and the code has version ${to}`;
    return { did: 'kept', code: 'event.bodyGone', note };
  }
  const source = sources.find(({ name }) => name === event.source);
  if (source === undefined)
    return refuse('source.unknown', `its data are of an older version, and the settings have no source \`${event.source}\``);
  const open: Source = { ...source, include: undefined, exclude: undefined };
  const interpret = createInterpreter({ providers, events, chains: [] });
  const read = reinterpret({ event, delivery: request, body: request.body, source: open, now, interpret });
  if (!read.ok) return refuse(read.code, read.reason);
  const projected = judge(read.event, event.type);
  if ('did' in projected) return projected;
  if (!(await rewriteEventData(db, { uuid: event.uuid, ...projected }))) return BODY_GONE;
  return { did: 'projected', from, to, note: `its data are projected anew, by version ${to} of the schema in place of version ${from}` };
}

const BODY_GONE = refuse('event.bodyGone', describe('event.bodyGone', {}));

function judge(read: InterpretedEvent, type: string): Extract<Reprojected, { readonly did: 'refused' }> | Projected {
  const { code, detail, data, schemaVersion } = read;
  if (code !== null) return refuse(code, `the newer schema does not take it: ${code}${detail === null ? '' : `: ${detail}`}`);
  if (read.type !== type || data === null || schemaVersion === null)
    return refuse('event.schemaMismatch', `its body is read as \`${read.type}\` now, and its chains were chosen for \`${type}\``);
  return { data, schemaVersion };
}

type Projected = { readonly data: NonNullable<InterpretedEvent['data']>; readonly schemaVersion: number };

function refuse(code: ErrorCode, reason: string): Extract<Reprojected, { readonly did: 'refused' }> {
  return { did: 'refused', code, reason };
}
