import type { JsonValue } from '../contracts/json.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import type { User } from './_user.ts';
import { joinNames, toAttributes, toCountry, toUserId } from './_user-words.ts';
import type { Draft, MapContext } from './define-event.ts';

/**
 * Reads a user from a generic sender: `user_id`, `email`, `name` (or `first_name` and `last_name`), `registered_at`, `country`,
 * `plan`, `marketing_consent`, `attributes`; or as our own schema has them. The id always gets the source's name in front, so that
 * no source can write another system's users. The event's time stands in for a missing `registered_at`.
 */
export function fromGenericUser(payload: JsonValue, { source, occurredAt }: MapContext): Draft<User> {
  const body = asObject(payload, '');
  const id = toIdText(firstOf(body, ['user_id', 'id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/user_id` or `/id`');
  const names = [firstOf(body, ['first_name']), firstOf(body, ['last_name'])];
  return {
    id: toUserId(source, id),
    email: firstOf(body, ['email', 'user_email']) ?? null,
    name: firstOf(body, ['name', 'full_name']) ?? joinNames(names) ?? null,
    registeredAt: toIsoTime(firstOf(body, ['registered_at', 'registeredAt', 'created_at']), '/registered_at', occurredAt.toISOString()),
    country: toCountry(firstOf(body, ['country'])) ?? null,
    plan: firstOf(body, ['plan']) ?? null,
    marketingConsent: firstOf(body, ['marketing_consent', 'marketingConsent']) ?? null,
    attributes: toAttributes(asObject(firstOf(body, ['attributes']) ?? {}, '/attributes')),
  };
}
