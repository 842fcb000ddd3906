import { z } from 'zod';
import { isJsonObject } from '../contracts/json.ts';
import type { JsonValue } from '../contracts/json.ts';
import { firstOf } from './_payload.ts';
import { displayText } from './_text.ts';

const line = displayText(200).nullable();

/** Where somebody lives; `null` for what the sender does not have. */
export const postalAddress = z.object({
  line1: line,
  line2: line,
  city: line,
  region: line,
  postalCode: line,
  /** As the sender has it: mostly ISO 3166-1, two letters. */
  country: line,
});

type Part = keyof z.output<typeof postalAddress>;

/** Reads an address whose parts stand under these names, the first that is there; what is no object stays as it is, for the schema to refuse. */
export function readAddress(names: Readonly<Record<Part, readonly string[]>>): (value: JsonValue) => unknown {
  return (value) => {
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(names).map(([part, candidates]) => [part, firstOf(value, candidates) ?? null]));
  };
}
