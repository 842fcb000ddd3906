import { z } from 'zod';

// C0, DEL, C1, and the two separators that break lines in mails and logs.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const CONTROLS = new RegExp(`${CONTROL.source}+`, 'g');
// With the `u` flag only surrogates without their partner match.
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = new RegExp(LONE_SURROGATE.source, 'gu');

/** A text of 1 to `max` UTF-16 units that can be a key: no control characters, no lone surrogates; others are refused. */
export function keyText(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !CONTROL.test(value), 'Expected no control characters')
    .refine((value) => !LONE_SURROGATE.test(value), 'Expected well-formed Unicode');
}

/** A text for people to read, made harmless by `toDisplayText` and never refused: no order may wait for a tab in a product's name. */
export function displayText(max: number): z.ZodString {
  return z.string().overwrite((value) => toDisplayText(value, max));
}

/** Control characters become spaces, lone surrogates U+FFFD; trimmed, and cut to `max` UTF-16 units. */
export function toDisplayText(value: string, max: number): string {
  return value.slice(0, max).replace(LONE_SURROGATES, '\ufffd').replace(CONTROLS, ' ').trim();
}
