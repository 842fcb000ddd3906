import { toIdText } from '../events/_payload.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { locate, locateId } from './_locate.ts';
import { zendeskSamples } from './_samples/zendesk.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';

const scheme = {
  header: 'X-Zendesk-Webhook-Signature',
  algorithm: 'sha256',
  encoding: 'base64',
  content: '{ts}{body}',
  time: { in: { header: 'X-Zendesk-Webhook-Signature-Timestamp' }, form: 'iso', sides: 'both' },
} as const satisfies HmacScheme;

/**
 * Zendesk (developer.zendesk.com/documentation/webhooks). Event subscriptions carry id, type and time in the signed body. A webhook
 * that a trigger calls has the body that its author wrote: give the source `type`, and `id` where the body has one; else the
 * invocation's id counts, a header outside the signature. Zendesk states no limit for the signed time: ours is 300 s.
 */
export default defineProvider({
  name: 'zendesk',
  verify: hmac(scheme),
  sign: signHmac(scheme),
  identify(input) {
    const { options, json } = input;
    return [
      {
        ...locateId(input, [{ pointer: '/id' }, { header: 'X-Zendesk-Webhook-Invocation-Id' }]),
        type: toIdText(locate(input, options.type, [{ pointer: '/type' }])?.value),
        occurredAt: toTime(locate(input, options.time, [{ pointer: '/time' }])?.value),
        payload: json,
      },
    ];
  },
  sample: zendeskSamples,
});
