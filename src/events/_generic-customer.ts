import type { JsonValue } from '../contracts/json.ts';
import type { Customer } from './_customer.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import { readAddress } from './_postal-address.ts';
import { spoken } from './_spoken.ts';
import { toUserId } from './_user-words.ts';
import type { Draft, MapContext } from './define-event.ts';

const toAddress = readAddress({
  line1: ['line1', 'street'],
  line2: ['line2'],
  city: ['city'],
  region: ['region', 'state'],
  postalCode: ['postal_code', 'postalCode', 'zip'],
  country: ['country'],
});

/**
 * Reads a customer from a generic sender: `customer_id` or `id`, `email`, `name`, `phone`, `address`, `marketing_consent`,
 * `updated_at`. The id always gets the source's name in front, so that no source can write another system's customers. What
 * the body does not name stays as it was; `null` empties it.
 */
export function fromGenericCustomer(payload: JsonValue, { source, occurredAt }: MapContext): Draft<Customer> {
  const body = asObject(payload, '');
  const id = toIdText(firstOf(body, ['customer_id', 'id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/customer_id` or `/id`');
  return {
    id: toUserId(source, id),
    ...spoken(body, { field: 'email', names: ['customer_email', 'email'] }),
    ...spoken(body, { field: 'name', names: ['customer_name', 'name'] }),
    ...spoken(body, { field: 'phone', names: ['phone'] }),
    ...spoken(body, { field: 'address', names: ['address'], read: toAddress }),
    ...spoken(body, { field: 'marketingConsent', names: ['marketing_consent', 'marketingConsent'] }),
    updatedAt: toIsoTime(firstOf(body, ['updated_at', 'updatedAt']), '/updated_at', occurredAt.toISOString()),
  };
}
