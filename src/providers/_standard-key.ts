import { HooklineError } from '../contracts/errors.ts';
import { decodeKey } from './_encoding.ts';

/** What keys of Standard Webhooks begin with (a shared secret, a public key, a private key), and how many bytes follow; none given: any. */
const SIZES = { whsec_: [], whpk_: [32], whsk_: [32, 64] } as const satisfies Record<string, readonly number[]>;

/** A prefix of a key of Standard Webhooks. */
export type KeyPrefix = keyof typeof SIZES;

/** The bytes behind the prefix of a key of Standard Webhooks; throws `settings.secretWeak` where they are not base64 of a wanted size. */
export function keyBehind(prefix: KeyPrefix, secret: string): Buffer {
  const key = decode(prefix, secret);
  if (key !== undefined) return key;
  throw new HooklineError('settings.secretWeak', {
    expected: expectedOf(prefix),
    got: 'something else behind the prefix',
    where: 'the secrets of the source',
  });
}

/** What a key of Standard Webhooks must be, where this one is not; undefined where it is fit, or has no prefix. */
export function judgeStandardKey(secret: string): string | undefined {
  const prefix = (['whsec_', 'whpk_', 'whsk_'] as const).find((one) => secret.startsWith(one));
  return prefix === undefined || decode(prefix, secret) !== undefined ? undefined : expectedOf(prefix);
}

function decode(prefix: KeyPrefix, secret: string): Buffer | undefined {
  const sizes: readonly number[] = SIZES[prefix];
  const key = decodeKey(secret.slice(prefix.length));
  return key !== undefined && (sizes.length === 0 || sizes.includes(key.length)) ? key : undefined;
}

function expectedOf(prefix: KeyPrefix): string {
  const sizes: readonly number[] = SIZES[prefix];
  return `\`${prefix}\` and ${sizes.length === 0 ? '' : `${sizes.join(' or ')} bytes in `}base64`;
}
