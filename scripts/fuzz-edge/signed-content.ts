import { createHash } from 'node:crypto';

import type { Line } from './draft-request.ts';

/** A request of which somebody says that it was signed. */
export interface SignedClaim {
  readonly source: string;
  readonly provider: string;
  readonly lines: readonly Line[];
  readonly body: Uint8Array;
}

/**
 * The content that a request's signature covers, hashed, with its source: by the vendors' documentation, and by no code of ours that
 * verifies. Several where a header stands several times: what was signed is then one of them. A delivery that was taken, and none of
 * whose keys belongs to a request that was signed, is a forgery.
 */
export function signedKeysOf({ source, provider, lines, body }: SignedClaim): readonly string[] {
  return [...new Set(prefixesOf(provider, lines))].map((prefix) =>
    createHash('sha256').update(`${source}\n`).update(Buffer.from(prefix, 'latin1')).update(body).digest('base64url'),
  );
}

/** What is signed before the body. */
function prefixesOf(provider: string, lines: readonly Line[]): readonly string[] {
  const all = (name: string): readonly string[] => lines.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  switch (provider) {
    case 'stripe':
      return all('stripe-signature')
        .flatMap((value) => value.split(','))
        .filter((item) => item.startsWith('t='))
        .map((item) => `${item.slice(2)}.`);
    case 'zendesk':
      return all('x-zendesk-webhook-signature-timestamp');
    case 'standard-webhooks':
      return ['webhook', 'svix'].flatMap((family) =>
        all(`${family}-id`).flatMap((id) => all(`${family}-timestamp`).map((time) => `${id}.${time}.`)),
      );
    default:
      return [''];
  }
}
