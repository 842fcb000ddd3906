import { z } from 'zod';
import { amount, money } from './_money.ts';
import { keyText } from './_text.ts';

/** A payment whose money has come. Amounts are in major units. */
export const payment = z.object({
  /** With the system that took it: `stripe:pi_3Q…`. Every event of one payment has the same. */
  id: keyText(200),
  /** The provider's own id of the payment. */
  providerId: keyText(200),
  /** The order that it pays, with its system: `shopify:1001`. `null` where the payment names none. */
  orderId: keyText(200).nullable(),
  amount,
  currency: money.shape.currency.unwrap(),
  /** ISO 8601, UTC. */
  paidAt: z.iso.datetime(),
});

/** A payment whose money has come. */
export type Payment = z.output<typeof payment>;
