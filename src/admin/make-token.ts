import { sha256 } from '../contracts/ids.ts';

const PREFIX = 'hlk_';
const RANDOM_BYTES = 32;
const TOKEN = /^hlk_[A-Za-z0-9_-]{43}$/;

/** A new token of 256 random bits. Whoever makes it shows it once: only `toTokenHash` of it is kept. */
export function makeToken(randomBytes: (size: number) => Buffer): string {
  return `${PREFIX}${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** What is kept of a token; `undefined` for a text that is none. A plain hash will do: nobody can guess 256 random bits. */
export function toTokenHash(token: string): Buffer | undefined {
  return TOKEN.test(token) ? sha256(token) : undefined;
}
