import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Method } from './_scheme.ts';
import { keyBehind } from './_standard-key.ts';

/** What stands before the 32 bytes of a key in DER (RFC 8410, 10). */
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Ed25519 (RFC 8032) by a key of Standard Webhooks: `whpk_` and 32 bytes in base64; or `whsk_` and 32 or 64, which can also sign.
 * Throws `settings.secretWeak` for a prefix with something else behind it.
 */
export function ed25519OfStandardKey(version: string): Method {
  return {
    version,
    bytes: 64,
    judge(secret, content) {
      const key = toPublicKey(secret);
      if (key === undefined) return undefined;
      const message = Buffer.concat(content);
      return (signature) => verify(null, message, key, signature);
    },
    sign(secret, content) {
      return secret.startsWith('whsk_') ? sign(null, Buffer.concat(content), toPrivateKey(secret)) : undefined;
    },
  };
}

function toPublicKey(secret: string): KeyObject | undefined {
  if (secret.startsWith('whsk_')) return createPublicKey(toPrivateKey(secret));
  if (!secret.startsWith('whpk_')) return undefined;
  return createPublicKey({ key: Buffer.concat([PUBLIC_DER, keyBehind('whpk_', secret)]), format: 'der', type: 'spki' });
}

function toPrivateKey(secret: string): KeyObject {
  const seed = keyBehind('whsk_', secret).subarray(0, 32); // of 64 bytes the rest is the public key
  return createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' });
}
