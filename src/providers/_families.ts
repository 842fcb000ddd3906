import type { DeliveryHeaders } from '../contracts/webhook.ts';
import type { Verify } from './define-provider.ts';

/** The headers of one contract under several prefixes: `webhook-id` and `svix-id`. */
export interface HeaderFamilies<Prefix extends string> {
  /** The first prefix under which a signature stands; the first of all where none does. */
  of(headers: DeliveryHeaders): Prefix;
  /** Verifies by the scheme of the request's own family. */
  verify(make: (prefix: Prefix) => Verify): Verify;
}

/**
 * Tells the family of a request by its signature, `<prefix><signature>`. One family counts for signature, id, type and time alike, so
 * that nothing of another, which nobody has signed, is ever taken.
 */
export function headerFamilies<const Prefix extends string>(
  prefixes: readonly [Prefix, ...Prefix[]],
  signature: string,
): HeaderFamilies<Prefix> {
  const [first] = prefixes;
  const of = (headers: DeliveryHeaders): Prefix => prefixes.find((prefix) => headers.all(prefix + signature).length > 0) ?? first;
  return {
    of,
    verify(make) {
      const verifiers = new Map(prefixes.map((prefix) => [prefix, make(prefix)]));
      const verifyFirst = make(first);
      return (request, context) => (verifiers.get(of(request.headers)) ?? verifyFirst)(request, context);
    },
  };
}
