import { expect, it } from 'vitest';

import type { Source } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { toStoredHeaders } from '../../src/ingress/stored-headers.ts';
import { SECRET, SHOP } from './ingress-fixture.ts';

const store = (lines: readonly (readonly [string, string])[], source: Source = SHOP): readonly (readonly [string, string])[] =>
  toStoredHeaders(toDeliveryHeaders(lines.flat()), source);

it.each([
  'Content-Type',
  'User-Agent',
  'X-Shopify-Topic',
  'X-Webhook-Signature',
  'X-Shopify-Hmac-Sha256',
  'Webhook-Id',
  'Webhook-Signature',
  'X-Forwarded-For',
  'X-Author',
])('keeps %s', (name) => {
  expect(store([[name, 'v']])).toEqual([[name.toLowerCase(), 'v']]);
});

it.each(['Authorization', 'Proxy-Authorization', 'Cookie', 'Host', 'Accept', 'Stripe-Account', 'Content-Length', 'Content-Types'])(
  'leaves %s out',
  (name) => {
    expect(store([[name, 'v']])).toEqual([]);
  },
);

it.each([
  'X-Gitlab-Token',
  'X-Api-Key',
  'X-Telegram-Bot-Api-Secret-Token',
  'X-Hook-Secret',
  'X-Auth',
  'X-Forwarded-Authorization',
  'X-Session',
  'X-Password',
  'X-Cookie',
  'X-ApiKey',
])('shows that %s stood there, and not its value', (name) => {
  expect(store([[name, 'v']])).toEqual([[name.toLowerCase(), '[redacted]']]);
});

it('never keeps a value that holds a live secret of the source, whatever its name', () => {
  expect(
    store([
      ['X-Custom', `plain ${SECRET}`],
      ['User-Agent', SECRET],
    ]),
  ).toEqual([
    ['x-custom', '[redacted]'],
    ['user-agent', '[redacted]'],
  ]);
});

it('keeps the headers in which the source looks for its events, so that a replay finds them again', () => {
  const source = { ...SHOP, options: { id: { header: 'Event-Key' }, type: { header: 'Topic' }, time: { pointer: '/at' } } } as const;
  expect(
    store(
      [
        ['Event-Key', 'i'.repeat(5_000)],
        ['TOPIC', 't'],
        ['At', 'x'],
      ],
      source,
    ),
  ).toEqual([
    ['event-key', 'i'.repeat(5_000)],
    ['topic', 't'],
  ]);
});

it('keeps doubled lines, in order', () => {
  expect(
    store([
      ['X-A', '1'],
      ['Cookie', 'c'],
      ['x-a', '2'],
    ]),
  ).toEqual([
    ['x-a', '1'],
    ['x-a', '2'],
  ]);
});
