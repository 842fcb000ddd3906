const MIN_BYTES = 16;
const MIN_DIFFERENT = 6;
const PLACEHOLDERS =
  /change|replace|please|this|your|webhook|shared|signing|hookline|secret|password|passwd|passphrase|example|sample|placeholder|default|dummy|insert|here|test|todo|fixme|token|value|key|my|me|the|abcdef|abc|qwerty|letmein|deadbeef|cafebabe|0123456789|1234567890|12345678|1234|x{2,}|0{3,}/g;

/**
 * Why a secret is too weak to be used: empty, shorter than 16 bytes, or a placeholder (made of words such as `changeme`,
 * or of fewer than six different characters). `undefined` for a good one. The answer never holds the secret.
 */
export function secretWeakness(secret: string): string | undefined {
  const size = Buffer.byteLength(secret.trim());
  if (size === 0) return 'an empty text';
  if (size < MIN_BYTES) return `${size} bytes`;
  const letters = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const rest = letters.replace(PLACEHOLDERS, '');
  if (rest.length < MIN_BYTES / 2 || new Set(letters).size < MIN_DIFFERENT) return 'a placeholder';
  return undefined;
}
