import { isJsonObject } from '../contracts/json.ts';
import { headerFamilies } from './_families.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { shopifySamples } from './_samples/shopify.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';

const families = headerFamilies(['X-Shopify-', 'Shopify-'], 'Hmac-Sha256');
const schemeOf = (prefix: string): HmacScheme => ({ header: `${prefix}Hmac-Sha256`, algorithm: 'sha256', encoding: 'base64' });

/**
 * Shopify (shopify.dev/docs/apps/build/webhooks), `X-Shopify-*`, and its event subscriptions, `Shopify-*`. The event id comes first,
 * since two subscriptions of one topic share it; the webhook id is a delivery's. Only the body is signed: id, topic and time stand in
 * headers outside the signature. While a client secret is being replaced, Shopify may sign with either for an hour: give both.
 */
export default defineProvider({
  name: 'shopify',
  headers: ['shopify-hmac-sha256', 'shopify-event-id', 'shopify-webhook-id', 'shopify-topic', 'shopify-triggered-at', 'shopify-action'],
  verify: families.verify((prefix) => hmac(schemeOf(prefix))),
  sign: signHmac(schemeOf('X-Shopify-')),
  identify({ headers, json }) {
    const prefix = families.of(headers);
    return [
      {
        id: headers.one(`${prefix}Event-Id`) || headers.one(`${prefix}Webhook-Id`),
        type: headers.one(`${prefix}Topic`),
        occurredAt: toTime(headers.one(`${prefix}Triggered-At`)),
        payload: json,
        test: isJsonObject(json) && Object.hasOwn(json, 'test') && json['test'] === true,
        idUnsigned: true,
      },
    ];
  },
  sample: shopifySamples,
});
