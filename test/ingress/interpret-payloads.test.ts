import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import type { Interpretation } from '../../src/ingress/interpret.ts';
import type { RoutableChain } from '../../src/ingress/router.ts';
import { defineProvider } from '../../src/providers/define-provider.ts';
import { NOW, generic, interpret, newOrder, only, shop } from '../suites/interpreting.ts';

describe('an event of a raw type', () => {
  const headers = ['X-Webhook-Id', 'd-1', 'X-Webhook-Event', 'push'];
  const onPush = { name: 'on-push', on: 'hookline:push' } as const satisfies RoutableChain;

  it('is ignored without data where no chain wants it', () => {
    expect(only(interpret({ a: 1 }, { headers }))).toMatchObject({
      type: 'hookline:push',
      state: 'ignored',
      data: null,
      entity: null,
      routes: [],
    });
  });

  it('carries its payload as it is where a chain wants it', () => {
    const event = only(interpret({ a: [1, { b: null }] }, { headers, chains: [onPush, newOrder] }));
    expect(event).toMatchObject({ state: 'routed', data: { a: [1, { b: null }] }, routes: [{ chain: 'on-push', workflowId: 'acme.d-1' }] });
  });

  it('is quarantined where the payload is too large for a run, and only then', () => {
    const large = { a: 'ä'.repeat(131_072) };
    expect(only(interpret(large, { headers, chains: [onPush] }))).toMatchObject({
      state: 'quarantined',
      code: 'event.dataTooLarge',
      data: null,
    });
    expect(only(interpret(large, { headers }))).toMatchObject({ state: 'ignored' });
    expect(only(interpret({ a: 'x'.repeat(262_136) }, { headers, chains: [onPush] }))).toMatchObject({ state: 'routed' });
    expect(only(interpret({ a: 'x'.repeat(262_137) }, { headers, chains: [onPush] }))).toMatchObject({ state: 'quarantined' });
  });

  it('may claim any time', () => {
    expect(only(interpret({ occurred_at: '2999-01-01T00:00:00Z' }, { headers })).state).toBe('ignored');
  });

  it('is plain where its type or its source is named like a member of a prototype', () => {
    for (const name of ['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty']) {
      const event = only(interpret({ event_id: name, event_type: name }));
      expect(event).toMatchObject({ eventId: name, type: `hookline:${name}`, state: 'ignored' });
    }
  });
});

describe('from Shopify', () => {
  const headers = [
    'X-Shopify-Topic',
    'orders/create',
    'X-Shopify-Event-Id',
    '98880550-7158-44d4-b7cd-2c97c8a091b5',
    'X-Shopify-Triggered-At',
    '2026-11-24T11:59:58Z',
  ];
  const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/shopify/${name}.json`, import.meta.url));

  it.each([
    ['orders-create-notification', 'shopify:820982911946154508', true],
    ['orders-create-web', 'shopify:450789469', false],
    ['orders-create-counter', 'shopify:5672118845511', false],
  ])('%s runs the chain', (name, id, test) => {
    expect(only(interpret(fixture(name), { source: shop, headers }))).toMatchObject({
      eventId: '98880550-7158-44d4-b7cd-2c97c8a091b5',
      providerType: 'orders/create',
      type: 'order.created',
      entity: { type: 'order', id },
      occurredAt: new Date('2026-11-24T11:59:58Z'),
      test,
      state: 'routed',
      routes: [{ chain: 'new-order', workflowId: 'shop.98880550-7158-44d4-b7cd-2c97c8a091b5' }],
    });
  });

  it('a topic that nobody maps is ignored', () => {
    const topic = headers.with(1, 'app/uninstalled');
    expect(only(interpret({ id: 1 }, { source: shop, headers: topic }))).toMatchObject({
      type: 'shopify:app/uninstalled',
      state: 'ignored',
    });
  });
});

describe('a request of several events', () => {
  const batch = defineProvider({
    name: 'batch',
    verify: () => ({ ok: true, secretIndex: 0 }),
    sign: () => ({}),
    identify: ({ json }) => (json as readonly (string | null)[]).map((id) => ({ id: id ?? undefined, type: 'item', payload: { id } })),
    sample: {},
  });
  const run = (body: JsonValue): Interpretation =>
    createInterpreter({ providers: [batch], events, chains: [] })(
      { headers: toDeliveryHeaders([]), body: Buffer.from(JSON.stringify(body)), receivedAt: NOW },
      { name: 'bulk', provider: 'batch', secrets: ['s'], options: {} },
    );

  it('gives them in order', () => {
    expect(run(['b', 'a'])).toMatchObject({ ok: true, events: [{ eventId: 'b' }, { eventId: 'a' }] });
  });

  it('is refused whole where one has no id, or where there is none', () => {
    expect(run(['b', null])).toEqual({ ok: false, code: 'event.idMissing', detail: 'event 1: no id where the source looks for it' });
    expect(run([])).toMatchObject({ ok: false, code: 'event.idMissing' });
  });
});

it('never throws and leaves Object.prototype as it was, whatever the payload', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const key = fc.oneof(
    fc.constantFrom(
      'order_id',
      'items',
      'total_amount',
      'customer',
      'email',
      'sku',
      'quantity',
      'price',
      'data',
      'constructor',
      'event_id',
      'event_type',
      'occurred_at',
    ),
    fc.string(),
  );
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 0 }) as fc.Arbitrary<JsonValue>,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 8, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(generic, shop), (payload, source) => {
      const headers = [
        'X-Webhook-Id',
        '1',
        'X-Webhook-Event',
        'order.created',
        'X-Shopify-Event-Id',
        '1',
        'X-Shopify-Topic',
        'orders/create',
      ];
      const interpretation = interpret(payload, { source, headers });
      expect(interpretation.ok ? interpretation.events.length : 0).toBe(interpretation.ok ? 1 : 0);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

it("takes every payload of GitHub's own corpus from a generic source whose id and type stand in headers", () => {
  const source: Source = { ...generic, options: { id: { header: 'X-GitHub-Delivery' }, type: { header: 'X-GitHub-Event' } } };
  const corpus = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
    readonly name: string;
    readonly examples: readonly JsonValue[];
  }[]; // its index.json is such a list
  const payloads = corpus.flatMap(({ name, examples }) => examples.map((payload) => ({ name, payload })));
  expect(payloads.length).toBeGreaterThan(200);
  for (const [index, { name, payload }] of payloads.entries()) {
    const headers = ['X-GitHub-Delivery', `${index}`, 'X-GitHub-Event', name];
    const chain = { name: 'all', on: `hookline:${name}` } as const satisfies RoutableChain;
    expect(only(interpret(payload, { source, headers, chains: [chain] })), `payload ${index}, ${name}`).toMatchObject({
      type: `hookline:${name}`,
      state: 'routed',
      data: payload,
    });
  }
});
