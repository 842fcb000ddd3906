import type { JsonValue } from '../contracts/json.ts';
import { toIdText } from './_payload.ts';
import type { MapContext } from './define-event.ts';

const WITH_SYSTEM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*:./;

/**
 * The order that a payment names, with its system: a reference that carries one (`shopify:1001`) is taken as it is, a bare one
 * (`1001`) gets the system that the source's `references` names, else the source's own name. Null where nothing is named.
 */
export function toOrderReference(reference: JsonValue | undefined, { source, references = source }: MapContext): JsonValue {
  const text = toIdText(reference);
  if (text === undefined) return reference ?? null; // what is no id the schema refuses
  return WITH_SYSTEM.test(text) ? text : `${references}:${text}`;
}
