import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeKey } from './_encoding.ts';
import type { Method, SignatureScheme } from './_scheme.ts';
import { makeSignature, verifySignature } from './_signature.ts';
import { keyBehind } from './_standard-key.ts';
import type { Sign, Verify } from './define-provider.ts';

/** A signature that is an HMAC with the secret's text as the key. */
export interface HmacScheme extends SignatureScheme {
  readonly algorithm: Hash;
  /** The items of the header's list that are such signatures: `v1`. Needed with `list`, and only there. */
  readonly version?: string;
}

/** Hash functions of an HMAC. */
export type Hash = 'sha1' | 'sha256' | 'sha512';

const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const satisfies Record<Hash, number>;

/** Accepts what one of the live secrets has signed by HMAC; see `verifySignature`. */
export function hmac(scheme: HmacScheme): Verify {
  return verifySignature(scheme, [methodOf(scheme)]);
}

/** Makes the headers that `hmac` of the same scheme accepts. */
export function signHmac(scheme: HmacScheme): Sign {
  return makeSignature(scheme, [methodOf(scheme)]);
}

/**
 * HMAC-SHA256 by a key of Standard Webhooks: `whsec_` and base64. Without a prefix base64 as well, as the vendors' libraries have
 * it; a text that is no base64 is itself the key. Throws `settings.secretWeak` for a prefix with something else behind it.
 */
export function hmacOfStandardKey(version: string): Method {
  return toMethod('sha256', version, (secret) => {
    if (secret.startsWith('whpk_') || secret.startsWith('whsk_')) return undefined; // keys of Ed25519
    return secret.startsWith('whsec_') ? keyBehind('whsec_', secret) : (decodeKey(secret) ?? Buffer.from(secret));
  });
}

/** Compares two digests in constant time; false where one is missing or longer. */
export function isSameDigest(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

function methodOf({ algorithm, version }: HmacScheme): Method {
  // the text and not its bytes: in Node 24 a key of bytes costs 13 µs more
  return toMethod(algorithm, version, (secret) => secret);
}

function toMethod(hash: Hash, version: string | undefined, toKey: (secret: string) => string | Uint8Array | undefined): Method {
  const digest = (secret: string, content: readonly Uint8Array[]): Buffer | undefined => {
    const key = toKey(secret);
    if (key === undefined) return undefined;
    const mac = createHmac(hash, key);
    for (const piece of content) mac.update(piece);
    return mac.digest();
  };
  return {
    ...(version === undefined ? {} : { version }),
    bytes: DIGEST_BYTES[hash],
    judge(secret, content) {
      const right = digest(secret, content);
      return right && ((signature) => timingSafeEqual(signature, right));
    },
    sign: digest,
  };
}
