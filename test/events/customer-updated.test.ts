import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contracts/json.ts';
import { createProjector, type Projection } from '../../src/events/_project.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { containing } from '../suites/matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const project = createProjector(events);

function fixture(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/customers/${name}.json`, import.meta.url), 'utf8')) as JsonObject; // the fixtures are objects
}

function projectOne(provider: string, providerType: string, payload: JsonValue): Projection | undefined {
  return project({ source: 'acme', provider, providerType, payload, occurredAt: NOW, receivedAt: NOW, now: NOW });
}
const fromShopify = (payload: JsonValue) => projectOne('shopify', 'customers/update', payload);
const fromStripe = (payload: JsonValue) => projectOne('stripe', 'customer.updated', payload);
const fromGeneric = (payload: JsonValue) => projectOne('hookline', 'customer.updated', payload);
const dataOf = (projection: Projection | undefined): unknown => (projection?.ok === true ? projection.data : projection);

describe('from Shopify', () => {
  const now = fixture('shopify-customers-update');
  const before = fixture('shopify-customers-update-2024');

  it('reads a customer, and says nothing of the consent that the body does not name', () => {
    expect(fromShopify(now)).toEqual({
      ok: true,
      version: 1,
      type: 'customer.updated',
      entity: { type: 'customer', id: 'shopify:207119551' },
      data: {
        id: 'shopify:207119551',
        email: 'bob.norman@mail.example.com',
        name: 'Bob Norman',
        phone: '+16136120707',
        address: { line1: 'Chestnut Street 92', line2: null, city: 'Louisville', region: 'KY', postalCode: '40202', country: 'US' },
        updatedAt: '2026-11-10T16:00:02.000Z',
      },
    });
  });

  it('reads the shape of before 2025, keeping every digit of an id above 2^53', () => {
    expect(dataOf(fromShopify(before))).toEqual({
      id: 'shopify:706405506930370084',
      email: 'bob@biller.example',
      name: 'Bob Biller',
      phone: null,
      marketingConsent: false,
      updatedAt: '2022-01-01T00:00:00.000Z',
    });
  });

  it.each<[string, JsonObject, unknown]>([
    ['is subscribed', { email_marketing_consent: { state: 'subscribed' } }, true],
    ['has not confirmed yet', { email_marketing_consent: { state: 'pending' } }, false],
    ['has unsubscribed', { email_marketing_consent: { state: 'unsubscribed' } }, false],
    ['accepts by the old field alone', { email_marketing_consent: null, accepts_marketing: true }, true],
  ])('reads the consent of one who %s', (_name, change, consent) => {
    expect(dataOf(fromShopify({ ...before, ...change }))).toMatchObject({ marketingConsent: consent });
  });

  it('reads a body from which Shopify has taken all that is personal', () => {
    expect(dataOf(fromShopify({ id: 5, updated_at: '2026-11-10T16:00:02Z' }))).toEqual({
      id: 'shopify:5',
      updatedAt: '2026-11-10T16:00:02.000Z',
    });
  });

  it.each<[string, JsonObject, string, string]>([
    ['a rounded id alone', { id: 706405506930370000, admin_graphql_api_id: null }, 'event.mapFailed', '/id'],
    ['an address that is two', { email: 'a@example.com,b@example.com' }, 'event.schemaMismatch', '/email'],
    ['a home that is a text', { default_address: 'x' }, 'event.schemaMismatch', '/address'],
    ['a time that is none', { updated_at: 'soon' }, 'event.mapFailed', '/updated_at'],
    ['a change of next year', { updated_at: '2027-11-24T12:00:00Z' }, 'event.fromFuture', '/updatedAt'],
  ])('says where it fails: %s', (_name, change, code, where) => {
    expect(fromShopify({ ...now, ...change })).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});

describe('from Stripe', () => {
  it("reads a customer at the event's time", () => {
    expect(fromStripe(fixture('stripe-customer-updated'))).toEqual({
      ok: true,
      version: 1,
      type: 'customer.updated',
      entity: { type: 'customer', id: 'stripe:cus_QXg1Ab2Cd3Ef4G' },
      data: {
        id: 'stripe:cus_QXg1Ab2Cd3Ef4G',
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        phone: null,
        address: { line1: '12 St James Square', line2: null, city: 'London', region: null, postalCode: 'SW1Y 4JH', country: 'GB' },
        updatedAt: NOW.toISOString(),
      },
    });
  });

  it('says where it fails: no id', () => {
    expect(fromStripe({ object: 'customer' })).toMatchObject({ ok: false, code: 'event.mapFailed', detail: containing('/id') });
  });
});

describe('from a generic sender', () => {
  it('reads a customer', () => {
    expect(dataOf(fromGeneric(fixture('generic-customer')))).toEqual({
      id: 'acme:77',
      email: 'grace@example.com',
      name: 'Grace Hopper',
      address: { line1: '1 Navy Way', line2: null, city: 'Arlington', region: null, postalCode: '22202', country: 'US' },
      marketingConsent: true,
      updatedAt: '2026-11-20T07:59:58.000Z',
    });
  });

  it('tells what is emptied from what is not spoken of', () => {
    expect(dataOf(fromGeneric({ id: 'x', phone: null, name: '', address: null }))).toEqual({
      id: 'acme:x',
      phone: null,
      name: null,
      address: null,
      updatedAt: NOW.toISOString(),
    });
  });

  it('hashes an id that is a mail address', () => {
    expect(fromGeneric({ id: 'ada@example.com', name: 'Ada' })).toMatchObject({
      ok: true,
      entity: { id: expect.stringMatching(/^acme:x-[a-z2-7]{52}$/) as unknown },
    });
  });

  it("puts the source in front of every id, so that no source writes another system's customers", () => {
    expect(fromGeneric({ id: 'shopify:5' })).toMatchObject({ entity: { id: 'acme:shopify:5' } });
  });

  it.each<[string, JsonValue, string, string]>([
    ['no object', [], 'event.mapFailed', 'object'],
    ['no id', { name: 'x' }, 'event.mapFailed', '/customer_id'],
    ['an id with U+0000', { id: 'a\0' }, 'event.schemaMismatch', '/id'],
    ['a consent that is a text', { id: 1, marketing_consent: 'yes' }, 'event.schemaMismatch', '/marketingConsent'],
    ['a name that is an object', { id: 1, name: {} }, 'event.schemaMismatch', '/name'],
    ['a home with a number for a city', { id: 1, address: { city: 5 } }, 'event.schemaMismatch', '/address/city'],
  ])('says where it fails: %s', (_name, payload, code, where) => {
    expect(fromGeneric(payload)).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});
