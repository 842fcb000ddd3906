import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contracts/json.ts';
import { createProjector } from '../../src/events/_project.ts';
import type { Projection } from '../../src/events/_project.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import type { EventDefinition } from '../../src/events/define-event.ts';
import orderCreated from '../../src/events/order-created.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { containing } from '../suites/matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const project = createProjector(events);

function fromShopify(payload: JsonValue): Projection | undefined {
  return project({
    source: 'shop',
    provider: 'shopify',
    providerType: 'orders/create',
    payload,
    occurredAt: NOW,
    receivedAt: NOW,
    now: NOW,
  });
}

function fromGeneric(payload: JsonValue): Projection | undefined {
  return project({
    source: 'acme',
    provider: 'hookline',
    providerType: 'order.created',
    payload,
    occurredAt: NOW,
    receivedAt: NOW,
    now: NOW,
  });
}

function fixture(path: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8')) as JsonObject; // the fixtures are objects
}

function dataOf(projection: Projection | undefined): unknown {
  return projection?.ok === true ? projection.data : projection;
}

const flat = fixture('hookline/order-flat.json');

describe('from Shopify', () => {
  it('reads an order of the web shop', () => {
    const projection = fromShopify(fixture('shopify/orders-create-web.json'));
    expect(projection).toMatchObject({ ok: true, type: 'order.created', entity: { type: 'order', id: 'shopify:450789469' } });
    expect(dataOf(projection)).toEqual({
      id: 'shopify:450789469',
      number: '#1001',
      customer: { email: 'bob.norman@mail.example.com', name: 'Bob Norman' },
      lines: ['GREEN', 'RED', 'BLACK'].map((colour) => ({
        sku: `IPOD2008${colour}`,
        title: 'IPod Nano - 8gb',
        quantity: 1,
        unitPrice: { amount: 199, currency: 'USD' },
      })),
      total: { amount: 598.94, currency: 'USD' },
      createdAt: '2026-11-10T16:00:00.000Z',
      updatedAt: '2026-11-10T16:00:01.000Z',
    });
  });

  it('keeps every digit of the test notification, whose id is above 2^53', () => {
    expect(dataOf(fromShopify(fixture('shopify/orders-create-notification.json')))).toMatchObject({
      id: 'shopify:820982911946154508',
      number: '#9999',
      customer: { email: 'jon@example.com', name: 'John Smith' },
      total: { amount: 388, currency: 'USD' },
    });
  });

  it('takes a sale at the counter: no customer, no address, articles without a SKU, a tab in a title', () => {
    expect(dataOf(fromShopify(fixture('shopify/orders-create-counter.json')))).toMatchObject({
      customer: { email: null, name: null },
      lines: [
        { sku: 'variant:44512893665351', title: 'Café au lait, groß — “to go”', quantity: 2, unitPrice: { amount: 4.2, currency: 'EUR' } },
        { sku: 'title:Gift wrap', title: 'Gift wrap', quantity: 1 },
      ],
    });
  });

  it('refuses a rounded id without its GraphQL twin, rather than mix two orders up', () => {
    const { admin_graphql_api_id: _, ...order } = fixture('shopify/orders-create-notification.json');
    expect(fromShopify(order)).toMatchObject({ ok: false, code: 'event.mapFailed', detail: containing('`/id`') });
  });

  it('leaves lines of quantity 0 out', () => {
    const order = fixture('shopify/orders-create-web.json');
    const [first, ...others] = order['line_items'] as JsonObject[];
    const projection = fromShopify({ ...order, line_items: [{ ...first, quantity: 0 }, ...others] });
    expect(dataOf(projection)).toMatchObject({ lines: [{ sku: 'IPOD2008RED' }, { sku: 'IPOD2008BLACK' }] });
  });

  it.each<[string, JsonObject, string, string]>([
    ['an amount below zero', { total_price: '-5.00' }, 'event.schemaMismatch', '/total/amount'],
    ['an amount that is no decimal', { total_price: '1e3' }, 'event.schemaMismatch', '/total/amount'],
    ['no total', { total_price: null }, 'event.schemaMismatch', '/total/amount'],
    ['a currency that is none', { currency: 'usd' }, 'event.schemaMismatch', '/total/currency'],
    ['no lines', { line_items: [] }, 'event.schemaMismatch', '/lines'],
    ['lines that are no list', { line_items: {} }, 'event.mapFailed', '/line_items'],
    ['a line that is no object', { line_items: [null] }, 'event.mapFailed', '/line_items/0'],
    ['a time that is none', { created_at: 'soon' }, 'event.mapFailed', '/created_at'],
    ['an address that is two', { email: 'a@example.com,b@example.com' }, 'event.schemaMismatch', '/customer/email'],
    ['a number with a line break', { name: '#1\r\nBcc: x' }, 'event.schemaMismatch', '/number'],
    ['a customer that is a text', { customer: 'x' }, 'event.mapFailed', '/customer'],
  ])('says where it fails: %s', (_name, change, code, where) => {
    const projection = fromShopify({ ...fixture('shopify/orders-create-web.json'), ...change });
    expect(projection).toMatchObject({ ok: false, type: 'order.created', code, detail: containing(where) });
  });
});

describe('from a generic sender', () => {
  it('reads a flat body', () => {
    const projection = fromGeneric(flat);
    expect(projection).toMatchObject({ ok: true, entity: { type: 'order', id: 'acme:ORD-1042' } });
    expect(dataOf(projection)).toEqual({
      id: 'acme:ORD-1042',
      number: 'ORD-1042',
      customer: { email: 'grace@example.com', name: null },
      lines: [
        { sku: 'KB-87', title: 'Keyboard, 87 keys', quantity: 1, unitPrice: { amount: 89.99, currency: null } },
        { sku: '1207', title: 'USB cable', quantity: 2, unitPrice: { amount: 19.99, currency: null } },
      ],
      total: { amount: 129.97, currency: null },
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
    });
  });

  it("reads the envelope's data, with numbers as ids and decimal texts as amounts", () => {
    expect(dataOf(fromGeneric(fixture('hookline/order-envelope.json')['data'] ?? null))).toMatchObject({
      id: 'acme:77',
      number: 'W-77',
      customer: { email: 'grace@example.com', name: 'Grace Hopper' },
      lines: [{ sku: 'MUG-WHITE', title: 'MUG-WHITE', quantity: 4, unitPrice: { amount: 10, currency: 'EUR' } }],
      total: { amount: 40, currency: 'EUR' },
      createdAt: '2026-11-20T07:59:58.000Z',
      updatedAt: '2026-11-20T07:59:58.000Z',
    });
  });

  it('reads our own shape', () => {
    const nested = fixture('hookline/order-nested.json')['data'] as JsonObject;
    expect(dataOf(fromGeneric(nested))).toEqual({ ...nested, id: 'acme:A/7 b' });
  });

  it("puts the source in front of every id, so that no source writes another system's orders", () => {
    expect(fromGeneric({ ...flat, order_id: 'shopify:1001' })).toMatchObject({ entity: { id: 'acme:shopify:1001' } });
    expect(fromGeneric({ ...flat, order_id: 'acme:1' })).toMatchObject({ entity: { id: 'acme:acme:1' } });
  });

  it('takes an order without prices of its lines, and without an address', () => {
    const projection = fromGeneric({ order_id: 1, total_amount: '0', items: [{ id: 5, qty: '3' }] });
    expect(dataOf(projection)).toMatchObject({
      customer: { email: null },
      lines: [{ sku: '5', title: '5', quantity: 3, unitPrice: null }],
    });
  });

  it.each<[string, JsonValue, string, string]>([
    ['a body that is no object', [1], 'event.mapFailed', 'object'],
    ['no id', { ...flat, order_id: null }, 'event.mapFailed', '/order_id'],
    ['an id that is an object', { ...flat, order_id: {} }, 'event.mapFailed', '/order_id'],
    ['an id with U+0000', { ...flat, order_id: 'a\0b' }, 'event.schemaMismatch', '/id'],
    ['an id with a lone surrogate', { ...flat, order_id: 'a\ud800' }, 'event.schemaMismatch', '/id'],
    ['an id of 5,000 characters', { ...flat, order_id: 'x'.repeat(5_000) }, 'event.schemaMismatch', '/id'],
    ['no lines', { ...flat, items: null }, 'event.mapFailed', '/items'],
    ['no quantity', { ...flat, items: [{ sku: 'A' }] }, 'event.schemaMismatch', '/lines/0/quantity'],
    ['half a piece', { ...flat, items: [{ sku: 'A', quantity: 0.5 }] }, 'event.schemaMismatch', '/lines/0/quantity'],
    ['a quantity below one', { ...flat, items: [{ sku: 'A', quantity: 0 }] }, 'event.schemaMismatch', '/lines/0/quantity'],
    ['no article', { ...flat, items: [{ quantity: 1 }] }, 'event.mapFailed', '/items/0/sku'],
    ['five decimals', { ...flat, total_amount: 1.23456 }, 'event.schemaMismatch', '/total/amount'],
    ['more money than can be counted', { ...flat, total_amount: 1e11 }, 'event.schemaMismatch', '/total/amount'],
    ['a name that is an object', { ...flat, customer_name: {} }, 'event.schemaMismatch', '/customer/name'],
  ])('says where it fails: %s', (_name, payload, code, where) => {
    expect(fromGeneric(payload)).toMatchObject({ ok: false, code, detail: containing(where) });
  });

  it('quotes nothing of the payload in any complaint', () => {
    const canary = 'CANARY-7f3a';
    const fields = [
      'order_id',
      'customer_email',
      'customer_name',
      'total_amount',
      'items',
      'currency',
      'order_number',
      'created_at',
      'updated_at',
    ];
    const wrongs: JsonValue[] = [
      canary,
      [canary],
      { [canary]: canary },
      `${canary}\0`,
      [{ sku: canary, quantity: canary, [canary]: 1 }],
      { amount: canary },
      canary.repeat(500),
    ];
    let refused = 0;
    for (const field of fields) {
      for (const wrong of wrongs) {
        const projection = fromGeneric({ ...flat, [field]: wrong });
        if (projection?.ok !== false) continue;
        refused += 1;
        expect(projection.detail).not.toContain(canary);
      }
    }
    expect(refused).toBeGreaterThan(30);
  });
});

it('takes the samples of every provider that it maps', () => {
  const mapped: EventDefinition['from'] = orderCreated.from;
  for (const provider of providers) {
    for (const [providerType, sample] of Object.entries(provider.sample)) {
      if (mapped[provider.name]?.[providerType] === undefined) continue;
      const { body } = sample({ now: NOW, id: '0011223344556677' });
      const payload = provider.name === 'hookline' ? (body['data'] ?? null) : body;
      const projection = project({
        source: 's',
        provider: provider.name,
        providerType,
        payload,
        occurredAt: NOW,
        receivedAt: NOW,
        now: NOW,
      });
      expect(projection, `${provider.name} ${providerType}`).toMatchObject({ ok: true, type: 'order.created' });
    }
  }
});

it('has a test for every fixture of Shopify', () => {
  const folder = new URL('../fixtures/shopify/', import.meta.url);
  for (const file of readdirSync(folder)) expect(fromShopify(fixture(`shopify/${file}`)), `fixture ${file}`).toMatchObject({ ok: true });
});
