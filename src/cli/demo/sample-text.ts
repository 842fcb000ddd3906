import { HooklineError } from '../../contracts/errors.ts';
import { atPointer, type JsonObject } from '../../contracts/json.ts';
import { toIdText } from '../../events/_payload.ts';

/** The text or the whole number that stands at a place of a sample, as text; a sample without one is a bug. */
export function sampleText(body: JsonObject, pointer: string): string {
  const text = toIdText(atPointer(body, pointer));
  if (text === undefined) throw new HooklineError('bug.unexpected', { expected: `a text or a whole number at \`${pointer}\` of a sample` });
  return text;
}
