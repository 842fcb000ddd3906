import { createHmac, timingSafeEqual } from 'node:crypto';
import { HooklineError } from '../contracts/errors.ts';
import type { Sign, Verify } from './define-provider.ts';

/** A signature that is one HMAC over the raw body in one header. */
export interface HmacScheme {
  readonly header: string;
  /** Stands before the digest: `sha256=`. @default '' */
  readonly prefix?: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** `hex` is lower case; `base64` is padded, of the standard alphabet, and canonical. */
  readonly encoding: 'hex' | 'base64';
}

const DIGEST_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

/**
 * Accepts a body that one of the live secrets has signed; the first that fits is named. The header must stand exactly once and
 * hold the digest's one canonical form, so that no other text passes for the same signature. Every secret is tried, each in
 * constant time. Throws `settings.secretWeak` where there is no secret or an empty one: an empty key would sign happily.
 */
export function hmac(scheme: HmacScheme): Verify {
  const { header, prefix = '', algorithm, encoding } = scheme;
  return ({ headers, body }, { secrets }) => {
    refuseEmpty(secrets);
    const values = headers.all(header);
    const [value] = values;
    if (value === undefined) return { ok: false, code: 'signature.missing', detail: `header \`${header}\`` };
    if (values.length > 1) return { ok: false, code: 'signature.duplicate', detail: `header \`${header}\`, ${values.length} times` };
    const given = decode(value, scheme);
    if (given === undefined) {
      return {
        ok: false,
        code: 'signature.malformed',
        detail: `header \`${header}\`: expected ${prefix === '' ? '' : `\`${prefix}\` and `}the ${encoding} of ${DIGEST_BYTES[algorithm]} bytes`,
      };
    }
    let secretIndex = -1;
    for (const [index, secret] of secrets.entries()) {
      // No early exit: the time must not tell which secret has signed.
      const same = timingSafeEqual(given, createHmac(algorithm, secret).update(body).digest());
      if (same && secretIndex < 0) secretIndex = index;
    }
    return secretIndex < 0 ? { ok: false, code: 'signature.mismatch' } : { ok: true, secretIndex };
  };
}

/** Makes the header that `hmac` of the same scheme accepts. */
export function signHmac({ header, prefix = '', algorithm, encoding }: HmacScheme): Sign {
  return ({ body, secret }) => {
    refuseEmpty([secret]);
    return { [header]: prefix + createHmac(algorithm, secret).update(body).digest(encoding) };
  };
}

/** The digest's bytes; `undefined` for any text but the canonical form. */
function decode(value: string, { prefix = '', algorithm, encoding }: HmacScheme): Buffer | undefined {
  const length = DIGEST_BYTES[algorithm];
  const form = encoding === 'hex' ? /^[0-9a-f]*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  const text = value.slice(prefix.length);
  const textLength = encoding === 'hex' ? 2 * length : 4 * Math.ceil(length / 3);
  if (!value.startsWith(prefix) || text.length !== textLength || !form.test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  // Base64 has unused bits at its end: only the text that the bytes encode to is the signature.
  return bytes.length === length && bytes.toString(encoding) === text ? bytes : undefined;
}

function refuseEmpty(secrets: readonly string[]): void {
  if (secrets.length === 0 || secrets.includes('')) {
    throw new HooklineError('settings.secretWeak', {
      expected: 'at least one secret, none of them empty',
      where: 'the secrets of the source',
    });
  }
}
