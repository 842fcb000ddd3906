import { isJsonObject } from '../contracts/json.ts';
import { toIdText } from '../events/_payload.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { valueAt } from './_locate.ts';
import { stripeSamples } from './_samples/stripe.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';

const scheme = {
  header: 'Stripe-Signature',
  list: { separator: ',', assign: '=' },
  algorithm: 'sha256',
  version: 'v1',
  encoding: 'hex',
  content: '{ts}.{body}',
  time: { in: { item: 't' }, form: 'seconds', sides: 'past' },
} as const satisfies HmacScheme;

/**
 * Stripe (docs.stripe.com/webhooks): `t=…,v1=…`, several `v1` while a secret is rolled; other versions are skipped. The secret is
 * text, `whsec_` included. Each try is signed anew; the event's id stands in the body. The payload is the whole event.
 */
export default defineProvider({
  name: 'stripe',
  headers: ['stripe-signature'],
  verify: hmac(scheme),
  sign: signHmac(scheme),
  identify: (input) => [
    {
      id: toIdText(valueAt(input, { pointer: '/id' })),
      type: toIdText(valueAt(input, { pointer: '/type' })),
      occurredAt: toTime(valueAt(input, { pointer: '/created' })),
      payload: input.json,
      test: isJsonObject(input.json) && Object.hasOwn(input.json, 'livemode') && input.json['livemode'] === false,
    },
  ],
  sample: stripeSamples,
});
