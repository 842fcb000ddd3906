import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contracts/json.ts';
import { createProjector, type ProjectInput, type Projection } from '../../src/events/_project.ts';
import { toMajorUnits } from '../../src/events/_stripe-money.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { containing } from '../suites/matchers.ts';

const NOW = new Date('2026-11-10T16:05:00.000Z');
const project = createProjector(events);

function fixture(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/stripe-payments/${name}.json`, import.meta.url), 'utf8')) as JsonObject; // the fixtures are objects
}

function projectOne(provider: string, providerType: string, payload: JsonValue, more: Partial<ProjectInput> = {}): Projection | undefined {
  return project({ source: 'pay', provider, providerType, payload, occurredAt: NOW, receivedAt: NOW, now: NOW, ...more });
}
const fromStripe = (type: string, payload: JsonValue, more: Partial<ProjectInput> = {}) => projectOne('stripe', type, payload, more);
const fromGeneric = (payload: JsonValue, more: Partial<ProjectInput> = {}) => projectOne('hookline', 'payment.succeeded', payload, more);

/** The event with members of its object changed. */
function withObject(event: JsonObject, change: JsonObject): JsonObject {
  const { object } = event['data'] as { object: JsonObject }; // the fixtures have one
  return { ...event, data: { object: { ...object, ...change } } };
}

const session = fixture('checkout-session-completed');
const intent = fixture('payment-intent-succeeded');
const SESSION = 'checkout.session.completed';
const INTENT = 'payment_intent.succeeded';

describe('from Stripe', () => {
  const paid = {
    id: 'stripe:pi_3QabcDEF',
    providerId: 'pi_3QabcDEF',
    orderId: 'shopify:450789469',
    amount: 598.94,
    currency: 'USD',
    paidAt: NOW.toISOString(),
  };

  it('reads a paid session, and the intent of the same payment under the same id', () => {
    const entity = { type: 'order', id: 'shopify:450789469' };
    expect(fromStripe(SESSION, session)).toEqual({ ok: true, version: 1, type: 'payment.succeeded', entity, data: paid });
    expect(fromStripe(INTENT, intent, { references: 'shopify' })).toEqual({
      ok: true,
      version: 1,
      type: 'payment.succeeded',
      entity,
      data: paid,
    });
  });

  it('reads the object alone as it does the event around it', () => {
    const { object } = session['data'] as { object: JsonObject }; // the fixture has one
    expect(fromStripe(SESSION, object)).toEqual(fromStripe(SESSION, session));
  });

  it.each(['unpaid', 'no_payment_required', null])(
    'makes no payment of a session that is %s: it stays an event of its raw type',
    (status) => {
      expect(fromStripe(SESSION, withObject(session, { payment_status: status }))).toBeUndefined();
    },
  );

  it('reads a session whose money came later', () => {
    expect(fromStripe('checkout.session.async_payment_succeeded', session)).toMatchObject({ ok: true, data: paid });
  });

  it('takes the id of an expanded intent, and the session where there is no intent', () => {
    expect(fromStripe(SESSION, withObject(session, { payment_intent: { id: 'pi_9', object: 'payment_intent' } }))).toMatchObject({
      data: { id: 'stripe:pi_9' },
    });
    expect(fromStripe(SESSION, withObject(session, { payment_intent: null, mode: 'subscription' }))).toMatchObject({
      data: { id: 'stripe:cs_live_a1B2c3' },
    });
  });

  it.each<[string, JsonObject, string | undefined, string | null]>([
    ['a reference with its system as it is', { client_reference_id: 'shopify:7' }, 'erp', 'shopify:7'],
    ['a bare one with the system of the source', { client_reference_id: '7' }, 'shopify', 'shopify:7'],
    ["a bare one with the source's name where it names no system", { client_reference_id: '7' }, undefined, 'pay:7'],
    ['one that only looks like a system', { client_reference_id: 'ORDER:7' }, 'shopify', 'shopify:ORDER:7'],
    ['a system without an id', { client_reference_id: 'shopify:' }, 'shopify', 'shopify:shopify:'],
    ['the metadata where there is no other', { client_reference_id: null, metadata: { order_id: '8' } }, 'shopify', 'shopify:8'],
    ['the metadata where the other is empty', { client_reference_id: '', metadata: { order_id: '8' } }, 'shopify', 'shopify:8'],
    ['nothing where none is named', { client_reference_id: null, metadata: {} }, 'shopify', null],
    ['nothing where there is not even metadata', { client_reference_id: null, metadata: null }, 'shopify', null],
  ])('joins the order by %s', (_name, change, references, orderId) => {
    expect(fromStripe(SESSION, withObject(session, change), { references })).toMatchObject({
      ok: true,
      entity: orderId === null ? null : { type: 'order', id: orderId },
      data: { orderId },
    });
  });

  it.each<[string, JsonObject, string, string]>([
    ['no amount', { amount_total: null }, 'event.schemaMismatch', '/amount'],
    ['half a cent', { amount_total: 0.5 }, 'event.schemaMismatch', '/currency'],
    ['an amount below zero', { amount_total: -1 }, 'event.schemaMismatch', '/amount'],
    ['no currency', { currency: null }, 'event.schemaMismatch', '/currency'],
    ['an order that is an object', { client_reference_id: {} }, 'event.schemaMismatch', '/orderId'],
    ['metadata that are a list', { metadata: [], client_reference_id: null }, 'event.mapFailed', '/metadata'],
    ['no id at all', { payment_intent: null, id: null }, 'event.mapFailed', '/id'],
  ])('says where it fails: %s', (_name, change, code, where) => {
    expect(fromStripe(SESSION, withObject(session, change))).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});

describe("Stripe's amounts", () => {
  it.each([
    [1999, 'eur', 19.99],
    [500, 'jpy', 500],
    [500, 'isk', 5],
    [500, 'ugx', 5],
    [5120, 'kwd', 5.12],
    [5125, 'bhd', 5.125],
    [29, 'usd', 0.29],
    [9_999_999_999_900, 'huf', 99_999_999_999],
  ])('%i %s are %d', (minor, currency, amount) => {
    expect(toMajorUnits(minor, currency)).toEqual({ amount, currency: currency.toUpperCase() });
  });
});

describe('from a generic sender', () => {
  const body = { payment_id: 5, order_id: 'A-7', amount: '12.50', currency: 'EUR', paid_at: '2026-11-10T17:00:00+01:00' };

  it('reads a payment of an order of its own', () => {
    expect(fromGeneric(body)).toEqual({
      ok: true,
      version: 1,
      type: 'payment.succeeded',
      entity: { type: 'order', id: 'pay:A-7' },
      data: { id: 'pay:5', providerId: '5', orderId: 'pay:A-7', amount: 12.5, currency: 'EUR', paidAt: '2026-11-10T16:00:00.000Z' },
    });
  });

  it('reads one without an order, at the time of the event', () => {
    expect(fromGeneric({ id: 'p', amount: 1, currency: 'EUR' })).toMatchObject({
      ok: true,
      entity: null,
      data: { orderId: null, paidAt: NOW.toISOString() },
    });
  });

  it.each<[string, JsonValue, string, string]>([
    ['no object', 'x', 'event.mapFailed', 'object'],
    ['no id', { ...body, payment_id: null }, 'event.mapFailed', '/payment_id'],
    ['no currency', { ...body, currency: null }, 'event.schemaMismatch', '/currency'],
    ['an amount that is no decimal', { ...body, amount: '1e3' }, 'event.schemaMismatch', '/amount'],
    ['a time that is none', { ...body, paid_at: 'soon' }, 'event.mapFailed', '/paid_at'],
    ['an order of 5,000 characters', { ...body, order_id: 'x'.repeat(5_000) }, 'event.schemaMismatch', '/orderId'],
  ])('says where it fails: %s', (_name, payload, code, where) => {
    expect(fromGeneric(payload)).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});
