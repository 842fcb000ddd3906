import { sha256 } from '../contracts/ids.ts';
import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject } from '../contracts/json.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';
import type { Sample, SampleContext } from './define-provider.ts';

const scheme = { header: 'X-Shopify-Hmac-Sha256', algorithm: 'sha256', encoding: 'base64' } as const satisfies HmacScheme;

/**
 * Shopify (shopify.dev/docs/apps/build/webhooks). The event id comes first, since two subscriptions of one topic share it; the
 * webhook id is a delivery's. Only the body is signed: id, topic and time stand in headers outside the signature. While a client
 * secret is being replaced, Shopify may sign with either for an hour: give the source both.
 */
export default defineProvider({
  name: 'shopify',
  verify: hmac(scheme),
  sign: signHmac(scheme),
  identify: ({ headers, json }) => [
    {
      id: headers.one('X-Shopify-Event-Id') || headers.one('X-Shopify-Webhook-Id'),
      type: headers.one('X-Shopify-Topic'),
      occurredAt: toTime(headers.one('X-Shopify-Triggered-At')),
      payload: json,
      test: isJsonObject(json) && Object.hasOwn(json, 'test') && json['test'] === true,
    },
  ],
  sample: { 'orders/create': sampleOrder },
});

function sampleOrder({ now, id }: SampleContext): Sample {
  return {
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': 'orders/create',
      'X-Shopify-Shop-Domain': 'hookline-sample.myshopify.com',
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': `wh-${id}`,
      'X-Shopify-Event-Id': id,
      'X-Shopify-Triggered-At': now.toISOString(),
    },
    body: sampleBody({ now, id }),
  };
}

/** The members of a real order that Hookline reads, and enough of the others to look like one. */
function sampleBody({ now, id }: SampleContext): JsonObject {
  const orderId = sha256(id).readUIntBE(0, 6); // 48 bits: below 2^53, as real order ids are
  const address = { name: 'Ada Lovelace', address1: '12 St James Square', city: 'London', zip: 'SW1Y 4JH', country_code: 'GB' };
  return {
    id: orderId,
    admin_graphql_api_id: `gid://shopify/Order/${orderId}`,
    name: `#${1000 + (orderId % 9000)}`,
    email: 'ada@example.com',
    contact_email: 'ada@example.com',
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
    currency: 'EUR',
    financial_status: 'paid',
    fulfillment_status: null,
    test: false,
    subtotal_price: '52.50',
    total_price: '52.50',
    total_tax: '0.00',
    customer: { id: 115310627, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' },
    billing_address: address,
    shipping_address: address,
    line_items: [
      {
        id: 866550311,
        variant_id: 808950810,
        product_id: 632910392,
        sku: 'TEE-BLUE-M',
        title: 'T-shirt, blue, M',
        quantity: 2,
        price: '19.50',
      },
      { id: 141249953, variant_id: 39072856, product_id: 788032119, sku: 'MUG-WHITE', title: 'Mug, white', quantity: 1, price: '13.50' },
    ],
  };
}
