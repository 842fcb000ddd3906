import type { Encoding } from './_scheme.ts';

/** The bytes of a digest's text; `undefined` for any text but the canonical form of exactly so many bytes. */
export function decodeExactly(
  text: string,
  { encoding, bytes: length }: { readonly encoding: Encoding; readonly bytes: number },
): Buffer | undefined {
  const form = encoding === 'hex' ? /^[0-9a-f]*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  const textLength = encoding === 'hex' ? 2 * length : 4 * Math.ceil(length / 3);
  if (text.length !== textLength || !form.test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  // Base64 has unused bits at its end: only the text that the bytes encode to is the signature.
  return bytes.length === length && bytes.toString(encoding) === text ? bytes : undefined;
}

/** The bytes of a key in base64, padded or not; `undefined` for other texts and for none. */
export function decodeKey(text: string): Buffer | undefined {
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 !== 1 && (!text.endsWith('=') || text.length % 4 === 0);
  return isBase64 ? Buffer.from(text, 'base64') : undefined;
}
