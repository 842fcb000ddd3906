import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { parseIsoTime } from './_iso-time.ts';

/** The value as an object; throws, naming the place, where it is none. */
export function asObject(value: JsonValue | undefined, where: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Error(`expected an object at \`${where}\``);
}

/** The value as an array; throws, naming the place, where it is none. */
export function asArray(value: JsonValue | undefined, where: string): readonly JsonValue[] {
  if (Array.isArray(value)) return value as readonly JsonValue[]; // Array.isArray does not narrow readonly arrays
  throw new Error(`expected an array at \`${where}\``);
}

/** The first of the named members that is there: own, not null, not the empty text. */
export function firstOf(object: JsonObject, names: readonly string[]): JsonValue | undefined {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** An id as text: a text as it is, an integer in decimal. `undefined` for the rest, also for integers that JSON.parse has rounded. */
export function toIdText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** A whole number given as a number or as decimal digits; anything else as it is, for the schema to refuse. */
export function toCount(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** The time at a place as ISO 8601 in UTC; `fallback` where there is none; throws, naming the place, where it is no ISO 8601 time. */
export function toIsoTime(value: JsonValue | undefined, where: string, fallback: string): string {
  if (value === undefined) return fallback;
  const time = typeof value === 'string' ? parseIsoTime(value) : undefined;
  if (time === undefined) throw new Error(`expected an ISO 8601 time at \`${where}\``);
  return time.toISOString();
}
