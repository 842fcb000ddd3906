import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/contracts/json.ts';
import { createProjector, type Projection } from '../../src/events/_project.ts';
import ticketCreated from '../../src/events/ticket-created.ts';
import ticketUpdated from '../../src/events/ticket-updated.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { containing } from '../suites/matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const project = createProjector([ticketCreated, ticketUpdated]);

function projectAs(provider: string, providerType: string, payload: JsonValue): Projection | undefined {
  return project({ source: 'desk', provider, providerType, payload, occurredAt: NOW, receivedAt: NOW, now: NOW });
}

function fixture(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`../fixtures/tickets/${name}.json`, import.meta.url), 'utf8')) as JsonObject; // the fixtures are objects
}

function fromZendesk(name: string, change: JsonObject = {}, detail: JsonObject = {}): Projection | undefined {
  const body = fixture(name);
  return projectAs('zendesk', body['type'] as string, { ...body, ...change, detail: { ...(body['detail'] as JsonObject), ...detail } });
}

function dataOf(projection: Projection | undefined): unknown {
  return projection?.ok === true ? projection.data : projection;
}

describe('from Zendesk', () => {
  it('reads a new ticket', () => {
    const projection = fromZendesk('zendesk-created');
    expect(projection).toMatchObject({ ok: true, type: 'ticket.created', entity: { type: 'ticket', id: 'zendesk:22129848:5158' } });
    expect(dataOf(projection)).toEqual({
      id: 'zendesk:22129848:5158',
      number: '#5158',
      subject: 'The printer is on fire',
      status: 'new',
      priority: null,
      tags: ['berlin', 'printer'],
      requester: { email: null, name: null },
      createdAt: '2026-11-08T10:12:07.000Z',
      updatedAt: '2026-11-08T10:12:07.672Z',
      firstAnsweredAt: null,
    });
  });

  it('reads a change as the ticket stands after it, with words in lower case', () => {
    expect(fromZendesk('zendesk-priority-changed')).toMatchObject({
      ok: true,
      type: 'ticket.updated',
      data: { priority: 'urgent', status: 'open', updatedAt: '2026-11-08T10:14:00.125Z', firstAnsweredAt: null },
    });
  });

  it('takes a public comment of the staff for an answer, and no other', () => {
    expect(dataOf(fromZendesk('zendesk-comment-added'))).toMatchObject({ firstAnsweredAt: '2026-11-08T10:20:01.500Z' });
    const author = { id: '1', is_staff: true, name: 'Grace' };
    for (const comment of [
      { author, is_public: false },
      { author: { ...author, is_staff: false }, is_public: true },
      { is_public: true },
      'x',
      null,
    ]) {
      expect(dataOf(fromZendesk('zendesk-comment-added', { event: { comment } }))).toMatchObject({ firstAnsweredAt: null });
    }
  });

  it('orders by the ticket where the event has no time of its own', () => {
    expect(dataOf(fromZendesk('zendesk-priority-changed', { time: null }))).toMatchObject({ updatedAt: '2026-11-08T10:14:00.000Z' });
  });

  it("reads an address where the body was written by the account's own trigger", () => {
    expect(dataOf(fromZendesk('zendesk-created', {}, { requester: { email: 'ada@example.com', name: 'Ada' } }))).toMatchObject({
      requester: { email: 'ada@example.com', name: 'Ada' },
    });
  });

  it('keeps the tickets of two accounts apart', () => {
    expect(fromZendesk('zendesk-created', { account_id: 7 })).toMatchObject({ entity: { id: 'zendesk:7:5158' } });
  });

  it.each<[string, JsonObject, JsonObject, string, string]>([
    ['no account', { account_id: null }, {}, 'event.mapFailed', '/account_id'],
    ['no id', {}, { id: null }, 'event.mapFailed', '/detail/id'],
    ['a priority that is none', {}, { priority: 'ASAP' }, 'event.schemaMismatch', '/priority'],
    ['no status', {}, { status: null }, 'event.schemaMismatch', '/status'],
    ['tags that are numbers', {}, { tags: [1] }, 'event.schemaMismatch', '/tags/0'],
    ['tags that are an object', {}, { tags: {} }, 'event.mapFailed', '/detail/tags'],
    ['a time that is none', { time: 'soon' }, {}, 'event.mapFailed', '/time'],
    ['a time far ahead', { time: '2026-11-24T12:06:00Z' }, {}, 'event.fromFuture', '/updatedAt'],
  ])('says where it fails: %s', (_name, change, detail, code, where) => {
    expect(fromZendesk('zendesk-created', change, detail)).toMatchObject({ ok: false, code, detail: containing(where) });
  });
});

describe('from a generic sender', () => {
  const data = fixture('generic-updated')['data'] as JsonObject;

  it('reads a flat body, with tags in one text', () => {
    const projection = projectAs('hookline', 'ticket.updated', data);
    expect(projection).toMatchObject({ ok: true, type: 'ticket.updated', entity: { type: 'ticket', id: 'desk:77' } });
    expect(dataOf(projection)).toEqual({
      id: 'desk:77',
      number: 'HELP-77',
      subject: 'My parcel has not arrived',
      status: 'open',
      priority: 'high',
      tags: ['parcel', 'vip'],
      requester: { email: 'ada@example.com', name: 'Ada Lovelace' },
      createdAt: '2026-11-08T10:00:00.000Z',
      updatedAt: '2026-11-08T11:00:01.000Z',
      firstAnsweredAt: '2026-11-08T09:30:00.000Z',
    });
  });

  it("reads our own shape, and puts the source's name in front of the id", () => {
    const own = { ...(dataOf(projectAs('hookline', 'ticket.updated', data)) as JsonObject), id: '77' };
    expect(dataOf(projectAs('hookline', 'ticket.updated', own))).toEqual({ ...own, id: 'desk:77' });
  });

  it("takes the event's time for what is missing, but no creation for a change", () => {
    const little = { id: 'a', status: 'new' };
    expect(dataOf(projectAs('hookline', 'ticket.created', little))).toMatchObject({
      createdAt: NOW.toISOString(),
      updatedAt: NOW.toISOString(),
      subject: '',
      priority: null,
      tags: [],
    });
    expect(dataOf(projectAs('hookline', 'ticket.updated', little))).toMatchObject({ createdAt: null, updatedAt: NOW.toISOString() });
  });

  it.each<[string, JsonValue, string, string]>([
    ['a body that is no object', [1], 'event.mapFailed', 'object'],
    ['no id', { ...data, ticket_id: null }, 'event.mapFailed', '/ticket_id'],
    ['an id with a line break', { ...data, ticket_id: 'a\nb' }, 'event.schemaMismatch', '/id'],
    ['an address that is two', { ...data, requester_email: 'a@example.com,b@example.com' }, 'event.schemaMismatch', '/requester/email'],
    ['an answer at no time', { ...data, first_answered_at: 'yes' }, 'event.mapFailed', '/first_answered_at'],
  ])('says where it fails: %s', (_name, payload, code, where) => {
    expect(projectAs('hookline', 'ticket.updated', payload)).toMatchObject({ ok: false, code, detail: containing(where) });
  });

  it('quotes nothing of the payload in any complaint', () => {
    const canary = 'CANARY-7f3a';
    const wrongs: JsonValue[] = [[canary], { [canary]: canary }, `${canary}\0`, canary.repeat(500)];
    const refused = Object.keys(data).flatMap((field) =>
      wrongs
        .map((wrong) => projectAs('hookline', 'ticket.updated', { ...data, [field]: wrong }))
        .filter((projection) => projection?.ok === false),
    );
    expect(refused.length).toBeGreaterThan(15);
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
  expect(taken.map(({ type }) => type)).toContain('zendesk zen:event-type:ticket.created');
});
