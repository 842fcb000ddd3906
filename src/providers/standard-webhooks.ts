import { sha256 } from '../contracts/ids.ts';
import { toIdText } from '../events/_payload.ts';
import { ed25519OfStandardKey } from './_ed25519.ts';
import { headerFamilies } from './_families.ts';
import { hmacOfStandardKey } from './_hmac.ts';
import { locate } from './_locate.ts';
import { standardWebhooksSamples } from './_samples/standard-webhooks.ts';
import type { SignatureScheme } from './_scheme.ts';
import { makeSignature, verifySignature } from './_signature.ts';
import { judgeStandardKey } from './_standard-key.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';

const methods = [hmacOfStandardKey('v1'), ed25519OfStandardKey('v1a')];
const families = headerFamilies(['webhook-', 'svix-'], 'signature');
const schemeOf = (prefix: string): SignatureScheme => ({
  header: `${prefix}signature`,
  list: { separator: ' ', assign: ',' },
  encoding: 'base64',
  content: '{id}.{ts}.{body}',
  id: `${prefix}id`,
  time: { in: { header: `${prefix}timestamp` }, form: 'seconds', sides: 'both' },
});

/**
 * Standard Webhooks 1.0 (standardwebhooks.com) and what it comes from: Svix, Clerk, Resend, OpenAI … `webhook-*` or `svix-*` headers;
 * `v1,` HMAC-SHA256 by `whsec_…`, `v1a,` Ed25519 by `whpk_…`; several signatures while a key is rolled. Id and time are signed with
 * the body. The payload is the whole body.
 */
export default defineProvider({
  name: 'standard-webhooks',
  headers: ['svix-id', 'svix-timestamp', 'svix-signature'],
  judgeSecret: judgeStandardKey,
  verify: families.verify((prefix) => verifySignature(schemeOf(prefix), methods)),
  sign: makeSignature(schemeOf('webhook-'), methods, (body) => `msg_${sha256(body).toString('hex').slice(0, 32)}`),
  identify(input) {
    const { headers, json, options } = input;
    const prefix = families.of(headers);
    const time = locate(input, options.time, [{ pointer: '/timestamp' }, { pointer: '/created_at' }, { header: `${prefix}timestamp` }]);
    return [
      {
        id: headers.one(`${prefix}id`),
        type: toIdText(locate(input, options.type, [{ pointer: '/type' }, { pointer: '/event_type' }])?.value),
        occurredAt: toTime(time?.value),
        payload: json,
      },
    ];
  },
  sample: standardWebhooksSamples,
});
