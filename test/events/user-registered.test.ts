import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contracts/json.ts';
import { createProjector, type Projection } from '../../src/events/_project.ts';
import userRegistered from '../../src/events/user-registered.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { containing, matching } from '../suites/matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const project = createProjector([userRegistered]);

function projectAs(provider: string, providerType: string, payload: JsonValue): Projection | undefined {
  return project({ source: 'app', provider, providerType, payload, occurredAt: NOW, receivedAt: NOW, now: NOW });
}

function fixture(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/users/${name}.json`, import.meta.url), 'utf8')) as JsonObject; // the fixtures are objects
}

const fromGeneric = (payload: JsonValue) => projectAs('hookline', 'user.registered', payload);
const fromClerk = (payload: JsonValue) => projectAs('standard-webhooks', 'user.created', payload);
const dataOf = (projection: Projection | undefined): unknown => (projection?.ok === true ? projection.data : projection);

describe('from Clerk', () => {
  const body = fixture('clerk-created');
  const user = body['data'] as JsonObject;

  it('reads a new user: the primary address, times in milliseconds, flat public metadata', () => {
    const projection = fromClerk(body);
    expect(projection).toMatchObject({
      ok: true,
      type: 'user.registered',
      entity: { type: 'user', id: 'app:user_2Lh9nLJhxg84p5PrjG97mGsaPQN' },
    });
    expect(dataOf(projection)).toEqual({
      id: 'app:user_2Lh9nLJhxg84p5PrjG97mGsaPQN',
      email: 'grace@navy.example.com',
      name: 'Grace Hopper',
      registeredAt: '2026-11-08T10:00:00.123Z',
      country: 'US',
      plan: 'team',
      marketingConsent: true,
      attributes: { beta: true, team_size: 60 },
    });
  });

  it('takes the first address where none is primary, and none where there is none', () => {
    expect(dataOf(fromClerk({ ...body, data: { ...user, primary_email_address_id: null } }))).toMatchObject({ email: 'old@example.org' });
    expect(dataOf(fromClerk({ ...body, data: { ...user, email_addresses: [] } }))).toMatchObject({ email: null });
  });

  it('believes no plan that the user may have written', () => {
    expect(dataOf(fromClerk({ ...body, data: { ...user, public_metadata: {} } }))).toMatchObject({ plan: null, attributes: {} });
  });

  it.each<[string, JsonObject, string, string]>([
    ['no id', { id: null }, 'event.mapFailed', '/data/id'],
    ['a time that is a text', { created_at: '2026-11-08' }, 'event.mapFailed', '/data/created_at'],
    ['a time beyond all times', { created_at: 1e300 }, 'event.mapFailed', '/data/created_at'],
    ['addresses that are an object', { email_addresses: {} }, 'event.mapFailed', '/data/email_addresses'],
    ['an address that is two', { email_addresses: [{ email_address: 'a@example.com, b@example.com' }] }, 'event.schemaMismatch', '/email'],
    ['an agreement that is a text', { public_metadata: { marketing_consent: 'yes' } }, 'event.schemaMismatch', '/marketingConsent'],
  ])('says where it fails: %s', (_name, change, code, where) => {
    expect(fromClerk({ ...body, data: { ...user, ...change } })).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});

describe('from a generic sender', () => {
  const data = fixture('generic-registered')['data'] as JsonObject;

  it('reads a flat body and leaves out what is not flat', () => {
    expect(dataOf(fromGeneric(data))).toEqual({
      id: 'app:u-1',
      email: 'ada@analytical.example',
      name: 'Ada Lovelace',
      registeredAt: '2026-11-08T11:00:00.000Z',
      country: 'GB',
      plan: 'free',
      marketingConsent: false,
      attributes: { source: 'blog', team_size: 3, trial: true },
    });
  });

  it("takes no more than an id, and the event's time", () => {
    expect(dataOf(fromGeneric({ id: 7 }))).toEqual({
      id: 'app:7',
      email: null,
      name: null,
      registeredAt: NOW.toISOString(),
      country: null,
      plan: null,
      marketingConsent: null,
      attributes: {},
    });
  });

  it('hashes an id that holds a mail address, since ids stand in search attributes', () => {
    expect(fromGeneric({ ...data, user_id: 'ada@example.com' })).toMatchObject({
      ok: true,
      entity: { id: matching(/^app:x-[a-z2-7]{52}$/) },
    });
  });

  it.each<[string, JsonValue, string, string]>([
    ['no id', { ...data, user_id: null }, 'event.mapFailed', '/user_id'],
    ['an agreement that is a number', { ...data, marketing_consent: 1 }, 'event.schemaMismatch', '/marketingConsent'],
    ['attributes that are a list', { ...data, attributes: [1] }, 'event.mapFailed', '/attributes'],
    [
      '51 attributes',
      { ...data, attributes: Object.fromEntries(Array.from({ length: 51 }, (_item, index) => [`a${index}`, index])) },
      'event.schemaMismatch',
      '50 attributes',
    ],
    ['a registration far ahead', { ...data, registered_at: '2026-11-25' }, 'event.fromFuture', '/registeredAt'],
  ])('says where it fails: %s', (_name, payload, code, where) => {
    expect(fromGeneric(payload)).toMatchObject({ ok: false, code, detail: containing(where) });
  });

  it('quotes nothing of the payload in any complaint, not even the name of an attribute', () => {
    const canary = 'CANARY-7f3a';
    const wrongs: JsonValue[] = [[canary], `${canary}\0`, canary.repeat(500), { [`${canary}\0`]: 1 }];
    const refused = Object.keys(data).flatMap((field) =>
      wrongs.map((wrong) => fromGeneric({ ...data, [field]: wrong })).filter((projection) => projection?.ok === false),
    );
    expect(refused.length).toBeGreaterThan(10);
    expect(JSON.stringify(refused)).not.toContain(canary);
  });
});

it('takes the samples of every provider that it maps', () => {
  const taken = providers.flatMap((provider) =>
    Object.entries(provider.sample).flatMap(([providerType, sample]) => {
      const { body } = sample({ now: NOW, id: '0011223344556677' });
      const projection = projectAs(provider.name, providerType, provider.name === 'hookline' ? (body['data'] ?? null) : body);
      return projection === undefined ? [] : [{ type: `${provider.name} ${providerType}`, ok: projection.ok }];
    }),
  );
  expect(taken.filter(({ ok }) => !ok)).toEqual([]);
  expect(taken.map(({ type }) => type)).toContain('standard-webhooks user.created');
});
