import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEventId, toWorkflowId } from '../../src/contracts/ids.ts';
import type { InterpretedEvent } from '../../src/contracts/inbox.ts';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import type { Interpretation, InterpretOptions } from '../../src/ingress/interpret.ts';
import type { RoutableChain } from '../../src/ingress/router.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { defineProvider } from '../../src/providers/define-provider.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const newOrder: RoutableChain = { name: 'new-order', on: 'order.created' };
const generic: Source = { name: 'acme', provider: 'hookline', secrets: ['s'], options: {} };
const shop: Source = { name: 'shop', provider: 'shopify', secrets: ['s'], options: {} };
const ORDER = { order_id: 'A1', total_amount: 5, items: [{ sku: 'X', quantity: 1 }] };

interface Given {
  readonly source?: Source;
  readonly headers?: readonly string[];
  readonly chains?: readonly RoutableChain[];
  readonly options?: InterpretOptions;
}

function interpret(
  body: JsonValue | Uint8Array,
  { source = generic, headers = [], chains = [newOrder], options = {} }: Given = {},
): Interpretation {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  return createInterpreter({ providers, events, chains })(
    { headers: toDeliveryHeaders(headers), body: bytes, receivedAt: NOW },
    source,
    options,
  );
}

function only(interpretation: Interpretation): InterpretedEvent {
  if (!interpretation.ok) throw new Error(`refused: ${interpretation.code}`);
  const [event, ...others] = interpretation.events;
  if (event === undefined || others.length > 0) throw new Error(`${interpretation.events.length} events`);
  return event;
}

const envelope = (data: JsonValue, more: object = {}): JsonValue => ({ event_id: 'e1', event_type: 'order.created', data, ...more });

describe('a signed body that is not well-formed', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['no JSON', '{', 'body.notJson'],
    ['empty', '', 'body.notJson'],
    ['no UTF-8', Uint8Array.of(0xff), 'body.notUtf8'],
    ['too deep', '['.repeat(65), 'body.tooDeep'],
    ['a forbidden key', '{"__proto__":1}', 'body.forbiddenKey'],
    ['no id', '{"event_type":"t"}', 'event.idMissing'],
    ['an empty id', '{"event_id":"","event_type":"t"}', 'event.idMissing'],
    ['an id that was rounded', '{"event_id":9007199254740993,"event_type":"t"}', 'event.idMissing'],
    ['no object at all', '[]', 'event.idMissing'],
    ['no type', '{"event_id":"1"}', 'event.typeMissing'],
    ['an empty type', '{"event_id":"1","event_type":""}', 'event.typeMissing'],
    ['a type with a space', '{"event_id":"1","event_type":"order created"}', 'event.typeInvalid'],
    ['a type with a line break', '{"event_id":"1","event_type":"a\\nb"}', 'event.typeInvalid'],
    ['a type with an umlaut', '{"event_id":"1","event_type":"ä"}', 'event.typeInvalid'],
    ['a type of 201 characters', `{"event_id":"1","event_type":"${'t'.repeat(201)}"}`, 'event.typeInvalid'],
  ])('is refused: %s', (_name, body, code) => {
    expect(interpret(Buffer.from(body))).toMatchObject({ ok: false, code, detail: expect.any(String) });
  });

  it('is refused without quoting it', () => {
    const interpretation = interpret({ event_id: '1', event_type: 'CANARY 1' });
    expect(JSON.stringify(interpretation)).not.toContain('CANARY');
  });
});

describe('an event of a canonical type', () => {
  it('is mapped, projected and routed', () => {
    expect(only(interpret(envelope({ ...ORDER, secret: 'x' }, { occurred_at: '2026-11-24T11:00:00Z' })))).toEqual({
      eventId: 'e1',
      providerId: 'e1',
      providerType: 'order.created',
      type: 'order.created',
      entity: { type: 'order', id: 'acme:A1' },
      occurredAt: new Date('2026-11-24T11:00:00Z'),
      test: false,
      state: 'routed',
      code: null,
      detail: null,
      data: {
        id: 'acme:A1',
        number: 'A1',
        customer: { email: null, name: null },
        lines: [{ sku: 'X', title: 'X', quantity: 1, unitPrice: null }],
        total: { amount: 5, currency: null },
        createdAt: '2026-11-24T11:00:00.000Z',
        updatedAt: '2026-11-24T11:00:00.000Z',
      },
      routes: [{ chain: 'new-order', ledger: 'new-order', workflowId: 'acme.e1' }],
    });
  });

  it('is the same event from a flat body with id and type in headers, or from the source', () => {
    const body = Buffer.from(JSON.stringify(ORDER));
    const byHeaders = only(interpret(body, { headers: ['X-Webhook-Id', 'e1', 'X-Webhook-Event', 'order.created'] }));
    const bySource = only(
      interpret(body, { headers: ['X-Webhook-Id', 'e1'], source: { ...generic, options: { type: { value: 'order.created' } } } }),
    );
    expect(byHeaders).toMatchObject({ state: 'routed', eventId: 'e1', type: 'order.created' });
    expect(bySource).toEqual(byHeaders);
  });

  it('is ignored, with its data, where no chain wants it', () => {
    expect(only(interpret(envelope(ORDER), { chains: [] }))).toMatchObject({
      state: 'ignored',
      code: null,
      data: { id: 'acme:A1' },
      routes: [],
    });
    const picky: RoutableChain = { ...newOrder, when: () => false };
    expect(only(interpret(envelope(ORDER), { chains: [picky] }))).toMatchObject({ state: 'ignored', routes: [] });
  });

  it('is quarantined where the payload fits no schema, with what the schema says', () => {
    expect(only(interpret(envelope({ ...ORDER, total_amount: 'much' })))).toEqual({
      ...only(interpret(envelope(ORDER))),
      entity: null,
      state: 'quarantined',
      code: 'event.schemaMismatch',
      detail: '/total/amount: Invalid input: expected number, received string',
      data: null,
      routes: [],
    });
    expect(only(interpret(envelope('x')))).toMatchObject({ state: 'quarantined', code: 'event.mapFailed', type: 'order.created' });
  });

  it('is quarantined where it comes from the far future, and taken by a replay when its time has come', () => {
    const late = envelope(ORDER, { occurred_at: '2026-11-24T12:05:00.001Z' });
    expect(only(interpret(late))).toMatchObject({ state: 'quarantined', code: 'event.fromFuture', entity: { id: 'acme:A1' } });
    expect(only(interpret(late, { options: { now: new Date('2026-11-24T12:00:00.001Z') } }))).toMatchObject({ state: 'routed' });
    for (const time of [8.64e15, 253402300800000, '9999-12-31T23:59:59Z']) {
      const event = only(interpret(envelope(ORDER, { occurred_at: time })));
      expect(event).toMatchObject({ state: 'quarantined', code: 'event.fromFuture' });
      expect(event.occurredAt.getUTCFullYear()).toBe(9999);
    }
  });

  it('takes the receipt for its time where the provider gives none, or one before 1970', () => {
    for (const time of [null, 'soon', -1, '0001-01-01T00:00:00Z', '1969-12-31']) {
      expect(only(interpret(envelope(ORDER, { occurred_at: time }))).occurredAt).toEqual(NOW);
    }
  });

  it('is quarantined where `when` throws', () => {
    const broken: RoutableChain = {
      ...newOrder,
      when: () => {
        throw new RangeError('CANARY');
      },
    };
    const event = only(interpret(envelope(ORDER), { chains: [broken] }));
    expect(event).toMatchObject({ state: 'quarantined', code: 'route.whenFailed', entity: { id: 'acme:A1' }, data: null, routes: [] });
    expect(event.detail).toMatch(/^`when` of chain `new-order`: threw RangeError/);
  });

  it('is quarantined where its data are larger than a run may carry', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => ({ sku: `${index}-`.padEnd(255, 'x'), name: 'y'.repeat(200), quantity: 1 }));
    expect(only(interpret(envelope({ ...ORDER, items })))).toMatchObject({
      state: 'quarantined',
      code: 'event.dataTooLarge',
      data: null,
      routes: [],
    });
  });
});

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

describe('ids', () => {
  it.each([
    ['5,000 characters', 'i'.repeat(5_000)],
    ['dots, slashes and spaces', 'a.b/c d'],
    ['U+0000', 'a\0b'],
    ['a lone surrogate', 'a\ud800b'],
    ['an emoji cut in two', `${'i'.repeat(511)}😀`],
  ])('with %s are stored whole enough to be found, and safe in a workflow id', (_name, id) => {
    const event = only(interpret({ event_id: id, event_type: 'order.created', data: ORDER }));
    expect(event.eventId).toMatch(/^x-[a-z2-7]{52}$/);
    expect(event.routes[0]?.workflowId).toBe(`acme.${event.eventId}`);
    expect(event.providerId.length).toBeLessThanOrEqual(512);
    expect(event.providerId).not.toMatch(/\0|\p{Surrogate}/u);
    expect(event.providerId.slice(0, 1)).toBe(id.slice(0, 1));
  });

  it('are the hash of the body where the source says so', () => {
    const source: Source = { ...generic, options: { id: 'bodyHash', type: { value: 'order.created' } } };
    const [first, same, other] = [ORDER, ORDER, { ...ORDER, order_id: 'A2' }].map((body) => only(interpret(body, { source })));
    expect(first?.providerId).toMatch(/^[0-9a-f]{64}$/);
    expect(same).toEqual(first);
    expect(other?.eventId).not.toBe(first?.eventId);
  });

  it('give workflow ids of safe characters, different for different events', () => {
    const source = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?$/);
    const id = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('a', 'a.b', 'a.', '.a', 'A', 'a b', 'x'.repeat(128), 'x'.repeat(129)),
    );
    const key = fc.tuple(source, id, fc.option(source, { nil: undefined }));
    fc.assert(
      fc.property(key, key, ([source1, id1, chain1], [source2, id2, chain2]) => {
        const one = toWorkflowId(source1, toEventId(id1), chain1);
        const two = toWorkflowId(source2, toEventId(id2), chain2);
        expect(one).toMatch(/^[A-Za-z0-9_.-]{1,260}$/);
        const same = source1 === source2 && wellFormed(id1) === wellFormed(id2) && chain1 === chain2;
        expect(one === two).toBe(same);
      }),
      { numRuns: 2_000 },
    );
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

it('gives the same events for the same stored bytes and headers', () => {
  const headers = ['X-Webhook-Id', 'e9'];
  const first = interpret({ ...ORDER, event_type: 'order.created' }, { headers });
  expect(interpret({ ...ORDER, event_type: 'order.created' }, { headers })).toEqual(first);
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
      if (interpretation.ok) expect(interpretation.events).toHaveLength(1);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

it('throws for a source whose provider is none: that is a bug of ours', () => {
  for (const provider of ['nobody', 'constructor', '__proto__']) {
    expect(() => interpret({}, { source: { ...generic, provider } })).toThrow(/bug.unexpected: expected a provider of the catalogue/);
  }
});

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
