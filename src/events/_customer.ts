import { z } from 'zod';
import { email } from './_email.ts';
import { postalAddress } from './_postal-address.ts';
import { displayText, keyText } from './_text.ts';

/**
 * A customer after a change. A field that is absent was not spoken of, and what was known of it stays; `null` says that there
 * is nothing any more.
 */
export const customer = z.object({
  /** With the system that it comes from: `shopify:207119551`, `<source>:77`. */
  id: keyText(200),
  email: email.nullable().optional(),
  name: displayText(200).nullable().optional(),
  phone: displayText(50).nullable().optional(),
  address: postalAddress.nullable().optional(),
  /** Whether the customer wants advertising by mail. */
  marketingConsent: z.boolean().nullable().optional(),
  /** ISO 8601, UTC; tells which of two changes is the newer. */
  updatedAt: z.iso.datetime(),
});

/** A customer after a change. */
export type Customer = z.output<typeof customer>;

/** What is known of a customer, without whom and when. */
export const profileFields = customer.omit({ id: true, updatedAt: true }).shape;
