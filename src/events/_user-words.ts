import { toEventId } from '../contracts/ids.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';

/** A user's id with its system; one that holds a mail address is hashed, since entity ids stand in Temporal's search attributes. */
export function toUserId(source: string, id: string): string {
  return `${source}:${id.includes('@') ? toEventId(id) : id}`;
}

/** Two letters as an ISO 3166 code in capitals; anything else as it is. */
export function toCountry(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' && /^[a-z]{2}$/i.test(value) ? value.toUpperCase() : value;
}

/** The flat members of an object, by name: texts, numbers and booleans. Lists, objects and nulls are left out. */
export function toAttributes(object: JsonObject, except: readonly string[] = []): Record<string, unknown> {
  const flat = Object.entries(object).filter(
    ([name, value]) => !except.includes(name) && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'),
  );
  return Object.fromEntries(flat.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Given and family name as one, where there is any. */
export function joinNames(names: readonly (JsonValue | undefined)[]): string | undefined {
  const texts = names.filter((name) => typeof name === 'string');
  return texts.length === 0 ? undefined : texts.join(' ');
}
