import { z } from 'zod';
import { email } from './_email.ts';
import { displayText, keyText } from './_text.ts';

const MAX_ATTRIBUTES = 50;

const attributes = z
  .record(keyText(100), z.union([displayText(500), z.number(), z.boolean()]))
  .refine((all) => Object.keys(all).length <= MAX_ATTRIBUTES, `Expected at most ${MAX_ATTRIBUTES} attributes`);

/** A user as every event of a user carries it. */
export const user = z.object({
  /** With the system that it comes from: `<source>:<id>`; an id that holds a mail address is hashed. */
  id: keyText(200),
  /** `null` where the user has none, such as one who signs in by telephone. */
  email: email.nullable(),
  name: displayText(200).nullable(),
  /** ISO 8601, UTC. */
  registeredAt: z.iso.datetime(),
  /** ISO 3166 code in capitals, where the sender gives two letters; `null` where it gives none. */
  country: displayText(100).nullable(),
  plan: displayText(100).nullable(),
  /** Whether the user has agreed to marketing; `null` where nobody has said so, which is no agreement. */
  marketingConsent: z.boolean().nullable(),
  /** Whatever else is known, flat. */
  attributes,
});

/** A user as every event of a user carries it. */
export type User = z.output<typeof user>;
