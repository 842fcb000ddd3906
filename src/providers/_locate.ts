import { sha256 } from '../contracts/ids.ts';
import { atPointer } from '../contracts/json.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { Identity, Locator } from '../contracts/webhook.ts';
import { toIdText } from '../events/_payload.ts';
import type { IdentifyInput } from './define-provider.ts';

interface Located {
  readonly value: JsonValue;
  readonly at: Locator;
}

/** The first of the places that has something; the source's own place alone where it names one. */
export function locate(input: IdentifyInput, own: Locator | undefined, defaults: readonly Locator[]): Located | undefined {
  for (const at of own === undefined ? defaults : [own]) {
    const value = valueAt(input, at);
    if (value !== undefined && value !== null && value !== '') return { value, at };
  }
  return undefined;
}

/** What stands at one place; `undefined` where there is nothing. */
export function valueAt({ headers, json }: Pick<IdentifyInput, 'headers' | 'json'>, at: Locator): JsonValue | undefined {
  if ('value' in at) return at.value;
  return 'header' in at ? headers.one(at.header) : atPointer(json, at.pointer);
}

/** The id where the source says, else at the first of the places, and whether it stands in a header, which the signature does not cover. */
export function locateId(input: IdentifyInput, defaults: readonly Locator[]): Pick<Identity, 'id' | 'idUnsigned'> {
  const { options, body } = input;
  if (options.id === 'bodyHash') return { id: sha256(body).toString('hex'), idUnsigned: false };
  const found = locate(input, options.id, defaults);
  return { id: toIdText(found?.value), idUnsigned: found !== undefined && 'header' in found.at };
}
