import type { JsonValue } from '../contracts/json.ts';
import type { Customer } from './_customer.ts';
import { firstOf, toIdText } from './_payload.ts';
import { readAddress } from './_postal-address.ts';
import { spoken } from './_spoken.ts';
import { stripeObjectOf } from './_stripe-object.ts';
import type { Draft, MapContext } from './define-event.ts';

const toAddress = readAddress({
  line1: ['line1'],
  line2: ['line2'],
  city: ['city'],
  region: ['state'],
  postalCode: ['postal_code'],
  country: ['country'],
});

/**
 * Reads a customer (docs.stripe.com/api/customers/object). It tells no time of its change: the event's counts, which is in whole
 * seconds, so that of two changes within one second the greater event id stands.
 */
export function fromStripeCustomer(payload: JsonValue, { occurredAt }: MapContext): Draft<Customer> {
  const body = stripeObjectOf(payload);
  const id = toIdText(firstOf(body, ['id']));
  if (id === undefined) throw new Error('expected a text at `/id`');
  return {
    id: `stripe:${id}`,
    ...spoken(body, { field: 'email', names: ['email'] }),
    ...spoken(body, { field: 'name', names: ['name'] }),
    ...spoken(body, { field: 'phone', names: ['phone'] }),
    ...spoken(body, { field: 'address', names: ['address'], read: toAddress }),
    updatedAt: occurredAt.toISOString(),
  };
}
