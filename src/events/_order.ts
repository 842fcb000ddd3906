import { z } from 'zod';
import { email } from './_email.ts';
import { money } from './_money.ts';
import { displayText, keyText } from './_text.ts';

const line = z.object({
  /** The merchant's own key of the article; where there is none, `variant:<id>` or `title:<name>`. Several lines may have the same. */
  sku: keyText(255),
  title: displayText(200),
  quantity: z.int().min(1).max(1_000_000),
  /** `null` where the sender names no price. */
  unitPrice: money.nullable(),
});

/** An order as every event of an order carries it. Amounts are in major units. */
export const order = z.object({
  /** With the system that it comes from: `shopify:1001`, `<source>:77`. */
  id: keyText(200),
  /** As the customer knows it: `#1001`. */
  number: keyText(100),
  customer: z.object({
    /** `null` where the order has none, such as a sale at the counter. */
    email: email.nullable(),
    name: displayText(200).nullable(),
  }),
  lines: z.array(line).min(1).max(1000),
  total: money,
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  /** ISO 8601, UTC; tells which of two events of the order is the newer. */
  updatedAt: z.iso.datetime(),
});

/** An order as every event of an order carries it. */
export type Order = z.output<typeof order>;
