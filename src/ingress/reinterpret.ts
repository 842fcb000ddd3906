import { HooklineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { Source } from '../contracts/webhook.ts';
import { events } from '../events/catalogue.gen.ts';
import { providers } from '../providers/catalogue.gen.ts';
import type { DeliveryRow } from '../store/deliveries.ts';
import type { EventRow } from '../store/events.ts';
import { chains } from '../workflows/catalogue.gen.ts';
import { toDeliveryHeaders } from './headers.ts';
import { createInterpreter } from './interpret.ts';
import type { Interpret } from './interpret.ts';

/** What a stored event is read again with. */
export interface StoredEvent {
  readonly event: Pick<EventRow, 'eventId' | 'source' | 'receivedAt'>;
  /** The delivery whose body counts. */
  readonly delivery: Pick<DeliveryRow, 'headers'>;
  readonly body: Uint8Array;
  /** The source, as the settings have it now. */
  readonly source: Source;
  readonly now: Date;
  /** Worth making once where many are read. @default that of the catalogues */
  readonly interpret?: Interpret | undefined;
}

/**
 * The event as it is understood now, or why it is no longer found in its own request: as a code and what is said beside it, and as
 * one sentence. Neither quotes the payload.
 */
export type Reinterpretation =
  | { readonly ok: true; readonly event: InterpretedEvent }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string; readonly reason: string };

/**
 * Reads a stored request with the code and the settings of now. The signature was judged at receipt and is not asked for again,
 * nor is the request's age; what claimed to come from the future is measured by the clock of now.
 */
export function reinterpret({
  event,
  delivery,
  body,
  source,
  now,
  interpret = createInterpreter({ providers, events, chains }),
}: StoredEvent): Reinterpretation {
  const request = { headers: toDeliveryHeaders(delivery.headers.flat()), body, receivedAt: event.receivedAt };
  const read = interpret(request, source, { now });
  if (!read.ok) return { ...read, reason: `${read.code}: ${read.detail}` };
  const same = read.events.find(({ eventId }) => eventId === event.eventId);
  if (same !== undefined) return { ok: true, event: same };
  const reason = `the request no longer holds an event \`${event.eventId}\`: the settings of source \`${source.name}\` look for its id elsewhere now`;
  return { ok: false, code: 'event.idMissing', detail: reason, reason };
}

/** The source of a stored event; throws `source.unknown` where the settings have it no longer. */
export function sourceOf({ source: name }: Pick<EventRow, 'source'>, sources: readonly Source[]): Source {
  const source = sources.find((one) => one.name === name);
  if (source !== undefined) return source;
  const fix = 'put the source back into the settings, or give `--config` the file that has it';
  throw new HooklineError('source.unknown', {
    expected: `the source \`${name}\`, which has received the event`,
    where: 'the settings',
    fix,
  });
}
