import type { JsonValue } from '../contracts/json.ts';
import { asArray } from './_payload.ts';

/** A word of a closed list in lower case, since Zendesk writes `HIGH` and others `High`; anything else as it is, for the schema to refuse. */
export function toWord(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === 'string' ? value.trim().toLowerCase() : value;
}

/** Tags as a list without doubles, sorted, so that equal sets are equal lists; one text holds them with spaces or commas between. */
export function toTags(value: JsonValue | undefined, where: string): readonly unknown[] {
  if (value === undefined) return [];
  const tags: readonly unknown[] = typeof value === 'string' ? value.split(/[\s,]+/).filter((tag) => tag !== '') : asArray(value, where);
  return [...new Set(tags)].sort((a, b) => (String(a) < String(b) ? -1 : 1)); // what is no text, the schema refuses
}
