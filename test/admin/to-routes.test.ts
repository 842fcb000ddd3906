import { expect, test } from 'vitest';
import { toRoutes } from '../../src/admin/to-routes.ts';
import type { Source } from '../../src/contracts/webhook.ts';

const source = (name: string, provider: string, lists: Partial<Source> = {}): Source => ({
  name,
  provider,
  secrets: ['a-secret'],
  options: {},
  ...lists,
});
const map = () => ({});
const events = [
  { type: 'payment.succeeded', from: { stripe: { 'payment_intent.succeeded': map } } },
  { type: 'order.created', from: { shopify: { 'orders/create': map }, hookline: { 'order.created': map } } },
];
const chains = [
  { name: 'new-order', on: 'order.created' },
  { name: 'big-order', on: ['order.created', 'payment.succeeded'], when: () => true },
  { name: 'push', on: 'github:push' },
] as const;

test('routes are the types that a source may send, with their chains, and whether a filter decides', () => {
  expect(toRoutes({ sources: [source('shop', 'shopify')], events, chains })).toEqual([
    {
      source: 'shop',
      providerType: 'orders/create',
      type: 'order.created',
      chains: [
        { name: 'new-order', filtered: false },
        { name: 'big-order', filtered: true },
      ],
      excluded: null,
    },
  ]);
});

test('a raw type is routed where a chain is on it', () => {
  expect(toRoutes({ sources: [source('hub', 'github')], events, chains })).toMatchObject([
    { providerType: 'push', type: 'github:push', chains: [{ name: 'push' }] },
  ]);
});

test('what the lists of a source keep out says by which list', () => {
  const routes = toRoutes({
    sources: [source('a', 'shopify', { exclude: ['order.*'] }), source('b', 'stripe', { include: ['refund'] })],
    events,
    chains,
  });
  expect(routes.map(({ excluded }) => excluded)).toEqual([
    '`order.created` is excluded by `order.*`',
    '`payment.succeeded` is not among what the source includes',
  ]);
});
