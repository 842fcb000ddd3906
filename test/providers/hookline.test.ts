import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/contracts/ids.ts';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Identity, SourceOptions } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import hookline from '../../src/providers/hookline.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

function identify(json: JsonValue, options: SourceOptions = {}, headers: readonly string[] = []): Identity | undefined {
  return hookline.identify({
    headers: toDeliveryHeaders(headers),
    json,
    body: Buffer.from(JSON.stringify(json)),
    options,
    receivedAt: NOW,
  })[0];
}

it("verifies the example of GitHub's documentation, whose scheme this is", () => {
  const request = {
    headers: toDeliveryHeaders(['X-Webhook-Signature', 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17']),
    body: Buffer.from('Hello, World!'),
  };
  expect(hookline.verify(request, { secrets: ["It's a Secret to Everybody"], now: NOW })).toEqual({ ok: true, secretIndex: 0 });
});

describe('by default', () => {
  it('takes id, type, time and data from the envelope', () => {
    const data = { order_id: 1 };
    expect(identify({ event_id: 'e1', event_type: 'order.created', occurred_at: '2026-11-24T11:00:00+01:00', data })).toEqual({
      id: 'e1',
      type: 'order.created',
      occurredAt: new Date('2026-11-24T10:00:00Z'),
      payload: data,
      idUnsigned: false,
    });
  });

  it('takes id and type from headers where the body has none, and prefers the body, which is signed', () => {
    const headers = ['X-Webhook-Id', 'h1', 'X-Webhook-Event', 'order.created'];
    expect(identify({ order_id: 1 }, {}, headers)).toMatchObject({
      id: 'h1',
      type: 'order.created',
      payload: { order_id: 1 },
      idUnsigned: true,
    });
    expect(identify({ event_id: 'b1', event_type: 'x' }, {}, headers)).toMatchObject({ id: 'b1', type: 'x' });
    expect(identify({ event_id: null, event_type: '' }, {}, headers)).toMatchObject({ id: 'h1', type: 'order.created' });
  });

  it('does not choose between doubled headers', () => {
    expect(identify({}, {}, ['X-Webhook-Id', 'a', 'X-Webhook-Id', 'b'])?.id).toBeUndefined();
  });

  it('takes the whole body as payload where there is no envelope', () => {
    expect(identify({ data: { a: 1 }, order_id: 1 })?.payload).toEqual({ data: { a: 1 }, order_id: 1 });
    expect(identify({ event_id: 'e', order_id: 1 })?.payload).toEqual({ event_id: 'e', order_id: 1 });
    expect(identify([1, 2])?.payload).toEqual([1, 2]);
  });

  it('takes `test: true` of an envelope, and nothing like it elsewhere, for the mark of test traffic', () => {
    const envelope = { event_id: 'e1', event_type: 'order.created', data: { order_id: 1 } };
    expect(identify({ ...envelope, test: true })).toMatchObject({ test: true, payload: { order_id: 1 } });
    const others = [
      ...[false, 'true', 1, null, {}].map((test) => ({ ...envelope, test })),
      { ...envelope, data: { order_id: 1, test: true } },
      { event_id: 'e1', event_type: 'order.created', order_id: 1, test: true },
      { data: { order_id: 1 }, test: true },
    ];
    for (const json of others) expect(identify(json)?.test).toBeUndefined();
  });

  it('takes numbers as ids, but none that JSON.parse has rounded', () => {
    expect(identify({ event_id: 9007199254740991 })?.id).toBe('9007199254740991');
    expect(identify(JSON.parse('{"event_id":9007199254740993}') as JsonValue)?.id).toBeUndefined();
    for (const strange of [1.5, true, {}, ['a'], null, '']) expect(identify({ event_id: strange })?.id).toBeUndefined();
  });

  it('finds nothing in inherited members', () => {
    expect(identify({}, { id: { pointer: '/constructor/name' }, type: { pointer: '/toString' }, data: { pointer: '/__proto__' } })).toEqual(
      {
        id: undefined,
        type: undefined,
        occurredAt: undefined,
        payload: null,
        idUnsigned: false,
      },
    );
  });
});

describe('with options of the source', () => {
  it('looks only where the source says', () => {
    const options: SourceOptions = {
      id: { pointer: '/meta/ids/0' },
      type: { header: 'X-GitHub-Event' },
      time: { pointer: '/at' },
      data: { pointer: '/body' },
    };
    const json = { event_id: 'no', event_type: 'no', meta: { ids: ['yes'] }, at: 1_700_000_000, body: { a: 1 } };
    expect(identify(json, options, ['X-GitHub-Event', 'push'])).toEqual({
      id: 'yes',
      type: 'push',
      occurredAt: new Date(1_700_000_000_000),
      payload: { a: 1 },
      idUnsigned: false,
    });
    expect(identify({ event_id: 'no', event_type: 'no' }, options)).toMatchObject({ id: undefined, type: undefined, payload: null });
  });

  it('takes a fixed type', () => {
    expect(identify({ order_id: 1 }, { type: { value: 'order.created' } })?.type).toBe('order.created');
  });

  it("takes the body's SHA-256 as id where told to, even beside another id", () => {
    const json = { event_id: 'other', order_id: 1 };
    expect(identify(json, { id: 'bodyHash' })).toMatchObject({ id: sha256(JSON.stringify(json)).toString('hex'), idUnsigned: false });
  });
});

describe('times', () => {
  it.each([
    ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24T10:00:00.123456+05:30', '2026-11-24T04:30:00.123Z'],
    ['2026-11-24 10:00', '2026-11-24T10:00:00.000Z'],
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
    [1_700_000_000, '2023-11-14T22:13:20.000Z'],
    [1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
    ['1700000000', '2023-11-14T22:13:20.000Z'],
  ])('reads %s', (value, expected) => {
    expect(identify({ occurred_at: value })?.occurredAt?.toISOString()).toBe(expected);
  });

  it.each(['yesterday', '', '2026-13-40T99:00:00Z', -1, 1e300, true, {}, '24.11.2026', 'T10:00'])(
    'leaves out what is no time: %s',
    (value) => {
      expect(identify({ occurred_at: value as JsonValue })?.occurredAt).toBeUndefined();
    },
  );
});
