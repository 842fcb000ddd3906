import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { Customer } from './_customer.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import { readAddress } from './_postal-address.ts';
import { spoken } from './_spoken.ts';
import { joinNames } from './_user-words.ts';
import type { Draft, MapContext } from './define-event.ts';

const CUSTOMER_GID = /^gid:\/\/shopify\/Customer\/(\d{1,20})$/;

const toAddress = readAddress({
  line1: ['address1'],
  line2: ['address2'],
  city: ['city'],
  region: ['province_code', 'province'],
  postalCode: ['zip'],
  country: ['country_code', 'country'],
});

/**
 * Reads a customer of Shopify's REST shape (shopify.dev, Customer resource). Since 2025-01 the webhook says nothing of the
 * agreement to marketing, and without its scope an app gets nothing that is personal; what a body does not name stays as it was.
 */
export function fromShopifyCustomer(payload: JsonValue, { occurredAt }: MapContext): Draft<Customer> {
  const body = asObject(payload, '');
  const names = ['first_name', 'last_name'];
  const named = names.some((name) => Object.hasOwn(body, name));
  return {
    id: `shopify:${customerId(body)}`,
    ...spoken(body, { field: 'email', names: ['email'] }),
    ...(named ? { name: joinNames(names.map((name) => firstOf(body, [name]))) ?? null } : {}),
    ...spoken(body, { field: 'phone', names: ['phone'] }),
    ...spoken(body, { field: 'address', names: ['default_address'], read: toAddress }),
    ...consentOf(body),
    updatedAt: toIsoTime(firstOf(body, ['updated_at']), '/updated_at', occurredAt.toISOString()),
  };
}

/** Ids above 2^53 are rounded by JSON.parse; the GraphQL id has every digit. */
function customerId(body: JsonObject): string {
  const gid = firstOf(body, ['admin_graphql_api_id']);
  const id = toIdText(firstOf(body, ['id'])) ?? (typeof gid === 'string' ? CUSTOMER_GID.exec(gid)?.[1] : undefined);
  if (id === undefined) throw new Error('expected an integer below 2^53 at `/id`, or a GraphQL id at `/admin_graphql_api_id`');
  return id;
}

/** `email_marketing_consent` came in 2022 for `accepts_marketing`. A consent that waits for its confirmation is none. */
function consentOf(body: JsonObject): { readonly marketingConsent?: unknown } {
  const consent = firstOf(body, ['email_marketing_consent']);
  if (isJsonObject(consent)) return { marketingConsent: firstOf(consent, ['state']) === 'subscribed' };
  const accepts = firstOf(body, ['accepts_marketing']);
  return accepts === undefined ? {} : { marketingConsent: accepts };
}
