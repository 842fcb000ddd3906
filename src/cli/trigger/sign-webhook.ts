import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition } from '../../providers/define-provider.ts';

/** A webhook that is ready to be posted. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer<ArrayBuffer>;
}

/** What a webhook is made of. */
export interface WebhookParts {
  readonly provider: Pick<ProviderDefinition, 'sign'>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly secret: string;
  readonly now: Date;
  /** Changes one byte after the signature was made. @default false */
  readonly tamper?: boolean;
}

/** Signs a body as its provider does. A tampered one is still JSON, and as long as before: nothing but its signature is wrong. */
export function signWebhook({ provider, headers, body, secret, now, tamper = false }: WebhookParts): SignedWebhook {
  const bytes = Buffer.from(JSON.stringify(body));
  const signed = { ...headers, ...provider.sign({ body: bytes, secret, now, headers }) };
  return { headers: signed, body: tamper ? tamperWith(bytes) : bytes };
}

/** Makes the last digit another one; the last byte where there is no digit. */
export function tamperWith(bytes: Uint8Array): Buffer<ArrayBuffer> {
  const changed = Buffer.from(bytes);
  const digit = changed.findLastIndex((byte) => byte >= 0x31 && byte <= 0x39);
  if (digit >= 0) changed[digit] = changed[digit] === 0x39 ? 0x38 : (changed[digit] ?? 0) + 1;
  else if (changed.length > 0) changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}
