import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { firstOf } from './_payload.ts';

/**
 * `{ [field]: value }` where the object speaks of one of the names, and nothing where it has none of them: what was known then
 * stays. Null and the empty text say that there is nothing: null.
 */
export function spoken<Field extends string>(
  object: JsonObject,
  {
    field,
    names,
    read = (value) => value,
  }: { readonly field: Field; readonly names: readonly string[]; readonly read?: (value: JsonValue) => unknown },
): { readonly [Name in Field]?: unknown } {
  if (!names.some((name) => Object.hasOwn(object, name))) return {};
  const value = firstOf(object, names);
  return { [field]: value === undefined ? null : read(value) } as { readonly [Name in Field]: unknown }; // a computed key loses its name
}
