import type { Decoded, SignedRequest } from './define-provider.ts';

const FORM = /^application\/x-www-form-urlencoded[\t ]*(?:;|$)/i;
const FIELD = 'payload=';

/**
 * The JSON of a body that is JSON, or by its content type a form of exactly one field, `payload`. A form of more fields is refused:
 * the content type is not signed, so that somebody could call a captured JSON body a form, and a text in it that looks like
 * `&payload=…` would become the payload.
 */
export function decodePayloadForm({ headers, body }: SignedRequest): Decoded {
  if (!FORM.test(headers.one('content-type') ?? '')) return { ok: true, json: body };
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  if (!text.startsWith(FIELD) || text.includes('&'))
    return { ok: false, code: 'body.notForm', detail: 'expected a form of one field `payload`' };
  const json = percentDecode(text.slice(FIELD.length));
  return json === undefined ? { ok: false, code: 'body.notForm', detail: 'expected `%` and two hexadecimal digits' } : { ok: true, json };
}

/** Bytes of a form's value (URL standard, 5.1), without a look at what they encode; `undefined` for a broken escape. */
function percentDecode(text: string): Uint8Array | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const plain = text.replaceAll('+', ' ').replaceAll(/%(..)/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
