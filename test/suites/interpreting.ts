import type { InterpretedEvent } from '../../src/contracts/inbox.ts';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import type { Interpretation, InterpretOptions } from '../../src/ingress/interpret.ts';
import type { RoutableChain } from '../../src/ingress/router.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';

/** When the requests of these tests are received. */
export const NOW = new Date('2026-11-24T12:00:00.000Z');

/** A chain for every order. */
export const newOrder: RoutableChain = { name: 'new-order', on: 'order.created' };

/** A source of the generic provider. */
export const generic: Source = { name: 'acme', provider: 'hookline', secrets: ['s'], options: {} };

/** A source of Shopify's. */
export const shop: Source = { name: 'shop', provider: 'shopify', secrets: ['s'], options: {} };

/** The least that is an order of a generic sender. */
export const ORDER = { order_id: 'A1', total_amount: 5, items: [{ sku: 'X', quantity: 1 }] };

/** What a test changes of a plain request. */
export interface Given {
  readonly source?: Source;
  readonly headers?: readonly string[];
  readonly chains?: readonly RoutableChain[];
  readonly options?: InterpretOptions;
}

/** Interprets a body, as JSON or as bytes, with the real catalogues. */
export function interpret(
  body: JsonValue | Uint8Array,
  { source = generic, headers = [], chains = [newOrder], options = {} }: Given = {},
): Interpretation {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  return createInterpreter({ providers, events, chains })(
    { headers: toDeliveryHeaders(headers), body: bytes, receivedAt: NOW },
    source,
    options,
  );
}

/** The one event of an interpretation that must have one. */
export function only(interpretation: Interpretation): InterpretedEvent {
  if (!interpretation.ok) throw new Error(`refused: ${interpretation.code}`);
  const [event, ...others] = interpretation.events;
  if (event === undefined || others.length > 0) throw new Error(`${interpretation.events.length} events`);
  return event;
}

/** A generic envelope around an order's data. */
export function envelope(data: JsonValue, more: { readonly [key: string]: JsonValue } = {}): JsonValue {
  return { event_id: 'e1', event_type: 'order.created', data, ...more };
}
