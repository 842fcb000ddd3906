import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';
import { numberOf } from './seeded.ts';

/** Samples of Shopify's REST shapes (shopify.dev, Order and Customer resources). */
export const shopifySamples = {
  'orders/create': (context) => toSample('orders/create', context, order(context)),
  'customers/update': (context) => toSample('customers/update', context, customer(context)),
} as const satisfies ProviderDefinition['sample'];

const CUSTOMER_ID = 115_310_627;

/** The members of a real order that Hookline reads, and enough of the others to look like one. */
function order({ now, id }: SampleContext): JsonObject {
  const orderId = numberOf(id);
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
    customer: { id: CUSTOMER_ID, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' },
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

/** The buyer of the sample orders: the same customer for every seed, newer each time. */
function customer({ now, id }: SampleContext): JsonObject {
  const address = {
    id: 207_119_551,
    customer_id: CUSTOMER_ID,
    first_name: 'Ada',
    last_name: 'Lovelace',
    company: null,
    address1: '12 St James Square',
    address2: null,
    city: 'London',
    province: null,
    country: 'United Kingdom',
    zip: 'SW1Y 4JH',
    phone: '+442079460958',
    country_code: 'GB',
    default: true,
  };
  return {
    id: CUSTOMER_ID,
    admin_graphql_api_id: `gid://shopify/Customer/${CUSTOMER_ID}`,
    email: 'ada@example.com',
    created_at: '2025-03-02T09:14:05Z',
    updated_at: now.toISOString(),
    first_name: 'Ada',
    last_name: 'Lovelace',
    state: 'enabled',
    note: `changed by ${id}`,
    verified_email: true,
    tax_exempt: false,
    phone: '+442079460958',
    tags: 'newsletter, vip',
    currency: 'EUR',
    addresses: [address],
    default_address: address,
    email_marketing_consent: { state: 'subscribed', opt_in_level: 'single_opt_in', consent_updated_at: '2025-03-02T09:14:05Z' },
    sms_marketing_consent: null,
  };
}

function toSample(topic: string, { now, id }: SampleContext, body: JsonObject): Sample {
  return {
    headers: {
      'Content-Type': 'application/json',
      'X-Shopify-Topic': topic,
      'X-Shopify-Shop-Domain': 'hookline-sample.myshopify.com',
      'X-Shopify-API-Version': '2026-10',
      'X-Shopify-Webhook-Id': `wh-${id}`,
      'X-Shopify-Event-Id': id,
      'X-Shopify-Triggered-At': now.toISOString(),
    },
    body,
  };
}
