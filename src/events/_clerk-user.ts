import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { isJsonObject } from '../contracts/json.ts';
import { asArray, asObject, firstOf, toIdText } from './_payload.ts';
import type { User } from './_user.ts';
import { joinNames, toAttributes, toCountry, toUserId } from './_user-words.ts';
import type { Draft, MapContext } from './define-event.ts';

/** What of `public_metadata` has a field of its own. */
const NAMED = ['country', 'plan', 'marketing_consent'];

/**
 * Reads Clerk's `user.created` (clerk.com, webhooks), which comes by Standard Webhooks: the primary address, else the first one;
 * `country`, `plan`, `marketing_consent` and the attributes from `public_metadata`, which only the owner's servers can write. What
 * is the user's own to say, country and agreement, may stand in `unsafe_metadata` too, where a sign-up form writes it. Times are
 * milliseconds.
 */
export function fromClerkUser(payload: JsonValue, { source, occurredAt }: MapContext): Draft<User> {
  const body = asObject(payload, '');
  const data = isJsonObject(body['data']) ? body['data'] : body;
  const id = toIdText(firstOf(data, ['id']));
  if (id === undefined) throw new Error('expected a text at `/data/id`');
  const known = asObject(firstOf(data, ['public_metadata']) ?? {}, '/data/public_metadata');
  const told = asObject(firstOf(data, ['unsafe_metadata']) ?? {}, '/data/unsafe_metadata');
  return {
    id: toUserId(source, id),
    email: primaryAddress(data) ?? null,
    name: joinNames([firstOf(data, ['first_name']), firstOf(data, ['last_name'])]) ?? null,
    registeredAt: toMillisecondsTime(firstOf(data, ['created_at']), occurredAt),
    country: toCountry(firstOf(known, ['country']) ?? firstOf(told, ['country'])) ?? null,
    plan: firstOf(known, ['plan']) ?? null,
    marketingConsent: firstOf(known, ['marketing_consent']) ?? firstOf(told, ['marketing_consent']) ?? null,
    attributes: toAttributes(known, NAMED),
  };
}

function primaryAddress(data: JsonObject): JsonValue | undefined {
  const addresses = asArray(firstOf(data, ['email_addresses']) ?? [], '/data/email_addresses').filter(isJsonObject);
  const primary = firstOf(data, ['primary_email_address_id']);
  const chosen = addresses.find((address) => primary !== undefined && address['id'] === primary) ?? addresses[0];
  return chosen === undefined ? undefined : firstOf(chosen, ['email_address']);
}

function toMillisecondsTime(value: JsonValue | undefined, fallback: Date): string {
  if (value === undefined) return fallback.toISOString();
  const time = typeof value === 'number' ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) throw new Error('expected milliseconds since 1970 at `/data/created_at`');
  return time.toISOString();
}
