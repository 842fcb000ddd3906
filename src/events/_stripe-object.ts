import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { asObject } from './_payload.ts';

/** The object that a Stripe event is about: `data.object` of the event (docs.stripe.com/api/events/object), or the payload itself where it is that. */
export function stripeObjectOf(payload: JsonValue): JsonObject {
  const event = asObject(payload, '');
  const data = event['object'] === 'event' ? event['data'] : undefined;
  return isJsonObject(data) ? asObject(data['object'], '/data/object') : event;
}
