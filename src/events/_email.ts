import { z } from 'zod';

const MAX_LENGTH = 254;
// The dot-atom of RFC 5322 and host names of RFC 1123, ASCII: nothing in it can end a header, add a recipient or open a comment.
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const MAX_LOCAL_PART = 64;

/** Tells whether a text is one mail address and nothing else: at most 254 ASCII characters, one `@`, no spaces, quotes, commas or brackets. */
export function isEmailAddress(value: string): boolean {
  return value.length <= MAX_LENGTH && value.indexOf('@') <= MAX_LOCAL_PART && ADDRESS.test(value);
}

/** A mail address by the one grammar of `isEmailAddress`. */
export const email: z.ZodString = z.string().refine(isEmailAddress, 'Expected one plain mail address');
