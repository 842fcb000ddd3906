import { z } from 'zod';

/** Four decimals are the most that a currency of ISO 4217 has; with amounts below 10^11 they stay exact in a double. */
const MAX_AMOUNT = 1e11;
const DECIMALS = 4;
const DECIMAL_TEXT = /^\d{1,11}(?:\.\d{1,12})?$/;

/** An amount in major units, zero or more: finite, below 10^11, at most four decimals. Compare and show it; to add, use minor units. */
export const amount: z.ZodNumber = z
  .number()
  .min(0)
  .lt(MAX_AMOUNT)
  .refine((value) => value === Number(value.toFixed(DECIMALS)), 'Expected at most 4 decimals');

/** An ISO 4217 code: three capital letters. */
const currency: z.ZodString = z.string().regex(/^[A-Z]{3}$/, 'Expected an ISO 4217 code');

/** An amount with its currency; `null` where the sender names none, since a guess would be printed in a mail. */
export const money = z.object({ amount, currency: currency.nullable() });

/** A number, or a decimal text such as `"199.00"`, as a number of major units; `undefined` for anything else. */
export function toAmount(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL_TEXT.test(value) ? Number(value) : undefined;
}
