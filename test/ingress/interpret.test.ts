import { describe, expect, it } from 'vitest';
import type { RoutableChain } from '../../src/ingress/router.ts';
import { NOW, ORDER, envelope, generic, interpret, newOrder, only } from '../suites/interpreting.ts';
import { matching } from '../suites/matchers.ts';

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
    expect(interpret(Buffer.from(body))).toMatchObject({ ok: false, code, detail: matching(/./) });
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
      schemaVersion: 1,
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
      schemaVersion: 1,
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
      schemaVersion: null,
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

it('gives the same events for the same stored bytes and headers', () => {
  const headers = ['X-Webhook-Id', 'e9'];
  const first = interpret({ ...ORDER, event_type: 'order.created' }, { headers });
  expect(interpret({ ...ORDER, event_type: 'order.created' }, { headers })).toEqual(first);
});

it('throws for a source whose provider is none: that is a bug of ours', () => {
  for (const provider of ['nobody', 'constructor', '__proto__']) {
    expect(() => interpret({}, { source: { ...generic, provider } })).toThrow(/bug.unexpected: expected a provider of the catalogue/);
  }
});
