import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';
import { hexOf, numberOf } from './seeded.ts';

/** Samples of Stripe's snapshot events (docs.stripe.com/api/events). They pay Shopify's sample order of the same seed. */
export const stripeSamples = {
  'checkout.session.completed': (context) => toSample('checkout.session.completed', context, session(context)),
  'checkout.session.async_payment_succeeded': (context) => toSample('checkout.session.async_payment_succeeded', context, session(context)),
  'payment_intent.succeeded': (context) => toSample('payment_intent.succeeded', context, paymentIntent(context)),
  'customer.updated': (context) => toSample('customer.updated', context, customer(context), { email: 'ada@example.org' }),
} as const satisfies ProviderDefinition['sample'];

const CUSTOMER = 'cus_QXg1Ab2Cd3Ef4G';
const ADDRESS = { city: 'London', country: 'GB', line1: '12 St James Square', line2: null, postal_code: 'SW1Y 4JH', state: null };

function session({ now, id }: SampleContext): JsonObject {
  return {
    id: `cs_live_${id}`,
    object: 'checkout.session',
    amount_subtotal: 5250,
    amount_total: 5250,
    client_reference_id: orderReference(id),
    created: toUnix(now) - 90,
    currency: 'eur',
    customer: CUSTOMER,
    customer_details: { address: ADDRESS, email: 'ada@example.com', name: 'Ada Lovelace', phone: null, tax_exempt: 'none' },
    customer_email: null,
    livemode: true,
    metadata: { order_id: orderReference(id) },
    mode: 'payment',
    payment_intent: paymentId(id),
    payment_method_types: ['card'],
    payment_status: 'paid',
    status: 'complete',
  };
}

function paymentIntent({ now, id }: SampleContext): JsonObject {
  return {
    id: paymentId(id),
    object: 'payment_intent',
    amount: 5250,
    amount_capturable: 0,
    amount_received: 5250,
    canceled_at: null,
    capture_method: 'automatic',
    created: toUnix(now) - 60,
    currency: 'eur',
    customer: CUSTOMER,
    description: null,
    latest_charge: `ch_${hexOf(id, { kind: 'charge', digits: 24 })}`,
    livemode: true,
    metadata: { order_id: orderReference(id) },
    payment_method_types: ['card'],
    receipt_email: 'ada@example.com',
    status: 'succeeded',
  };
}

function customer({ id }: SampleContext): JsonObject {
  return {
    id: CUSTOMER,
    object: 'customer',
    address: ADDRESS,
    balance: 0,
    created: 1_740_906_845,
    currency: 'eur',
    delinquent: false,
    description: null,
    email: 'ada@example.com',
    invoice_prefix: 'A1B2C3D4',
    livemode: true,
    metadata: { changed_by: id },
    name: 'Ada Lovelace',
    phone: '+442079460958',
    preferred_locales: ['en'],
    tax_exempt: 'none',
  };
}

/** As a shop writes it: the system that the order comes from, and its id there. */
function orderReference(id: string): string {
  return `shopify:${numberOf(id)}`;
}

function paymentId(id: string): string {
  return `pi_${hexOf(id, { kind: 'payment', digits: 24 })}`;
}

function toUnix(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}

function toSample(type: string, { now, id }: SampleContext, object: JsonObject, previous?: JsonObject): Sample {
  return {
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)' },
    body: {
      id: `evt_${id}`,
      object: 'event',
      api_version: '2026-09-30.dahlia',
      created: toUnix(now),
      data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
      livemode: true,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    },
  };
}
