import { uuidV7 } from '../contracts/ids.ts';

/** The lowest and the highest UUID that begin with a text; `undefined` where it is shorter than 8 digits, or no beginning of one. */
export function toUuidRange(text: string): readonly [lowest: string, highest: string] | undefined {
  const digits = text.toLowerCase().replaceAll('-', '');
  return /^[0-9a-f]{8,32}$/.test(digits) ? [digits.padEnd(32, '0'), digits.padEnd(32, 'f')] : undefined;
}

/** A UUID of version 7 begins with its time: nothing that was made at or after `since` has a lower one. */
export function toFirstUuid(since: Date): string {
  return uuidV7(Math.max(0, since.getTime()), new Uint8Array(10));
}
