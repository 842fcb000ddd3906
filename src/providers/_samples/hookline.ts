import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';

/** Samples of events that name themselves, in an envelope. Those of one seed speak of one order, ticket and customer. */
export const hooklineSamples = {
  'order.created': (context) => toSample('order.created', context, order(context)),
  'payment.succeeded': (context) => toSample('payment.succeeded', context, payment(context)),
  'customer.updated': (context) => toSample('customer.updated', context, customer(context)),
  'ticket.created': (context) => toSample('ticket.created', context, ticket(context, { priority: 'normal', tags: ['shipping'] })),
  'ticket.updated': (context) =>
    toSample('ticket.updated', context, ticket(context, { priority: 'urgent', tags: ['shipping', 'escalated'] })),
  'user.registered': (context) => toSample('user.registered', context, user(context)),
} as const satisfies ProviderDefinition['sample'];

function order({ now, id }: SampleContext): JsonObject {
  return {
    order_id: `ord_${id}`,
    customer_email: 'ada@example.com',
    customer_name: 'Ada Lovelace',
    currency: 'EUR',
    total_amount: 52.5,
    items: [
      { sku: 'TEE-BLUE-M', name: 'T-shirt, blue, M', quantity: 2, price: 19.5 },
      { sku: 'MUG-WHITE', name: 'Mug, white', quantity: 1, price: 13.5 },
    ],
    created_at: now.toISOString(),
  };
}

function payment({ now, id }: SampleContext): JsonObject {
  return { payment_id: `pay_${id}`, order_id: `ord_${id}`, amount: 52.5, currency: 'EUR', method: 'card', paid_at: now.toISOString() };
}

function customer({ now }: SampleContext): JsonObject {
  return {
    customer_id: 'cust_42',
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    phone: '+442079460958',
    language: 'en',
    country: 'GB',
    marketing_consent: true,
    tags: ['newsletter', 'vip'],
    updated_at: now.toISOString(),
  };
}

function ticket(
  { now, id }: SampleContext,
  { priority, tags }: { readonly priority: string; readonly tags: readonly string[] },
): JsonObject {
  return {
    ticket_id: `tkt_${id}`,
    subject: 'My parcel has not arrived',
    description: 'It should have been here on Monday.',
    status: 'open',
    priority,
    tags,
    requester_email: 'ada@example.com',
    requester_name: 'Ada Lovelace',
    created_at: new Date(now.getTime() - 60_000).toISOString(),
    updated_at: now.toISOString(),
  };
}

function user({ now, id }: SampleContext): JsonObject {
  return {
    user_id: `usr_${id}`,
    email: 'grace@example.com',
    name: 'Grace Hopper',
    country: 'US',
    language: 'en',
    plan: 'free',
    marketing_consent: true,
    registered_at: now.toISOString(),
  };
}

function toSample(type: string, { now, id }: SampleContext, data: JsonObject): Sample {
  return {
    headers: { 'Content-Type': 'application/json' },
    body: { event_id: `evt_${id}`, event_type: type, occurred_at: now.toISOString(), data },
  };
}
