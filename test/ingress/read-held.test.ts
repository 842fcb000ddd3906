import { expect, test } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import type { Interpret } from '../../src/ingress/interpret.ts';
import { createReadHeld } from '../../src/ingress/read-held.ts';
import type { HeldEvent } from '../../src/store/held-events.ts';
import { SHOP } from './ingress-fixture.ts';

const body = Buffer.from(
  JSON.stringify({
    event_id: 'evt_1',
    event_type: 'order.created',
    occurred_at: '2026-11-24T08:00:00Z',
    data: { order_id: '1', customer_email: 'a@b.example', total_amount: 1, currency: 'EUR', items: [{ sku: 'A', quantity: 1, price: 1 }] },
  }),
);
const HELD: HeldEvent = { uuid: 'u', source: 'shop', eventId: 'evt_1', receivedAt: new Date('2026-11-24T08:00:01Z'), headers: [], body };

function read(
  held: Partial<HeldEvent>,
  { interpret, sources = [SHOP] }: { interpret?: Interpret; sources?: readonly (typeof SHOP)[] } = {},
) {
  const thrown: unknown[] = [];
  const readHeld = createReadHeld({
    sources,
    interpret,
    now: () => new Date('2026-11-24T09:00:00Z'),
    onThrown: (...what) => thrown.push(what),
  });
  return { reading: readHeld({ ...HELD, ...held }), thrown };
}

test('reads an event from its bytes, with the code and the settings of now', () => {
  const { reading } = read({});
  expect(reading).toMatchObject({ ok: true, event: { eventId: 'evt_1', state: 'routed', routes: [{ workflowId: 'shop.evt_1' }] } });
});

test.each<[string, Partial<HeldEvent>, object]>([
  ['its body is gone', { body: null }, { code: 'event.bodyGone', detail: 'released after its body had gone' }],
  ['its source is gone', { source: 'old' }, { code: 'source.unknown', detail: 'the settings no longer have the source `old`' }],
  ['its request can no longer be read', { body: Buffer.from('{') }, { code: 'body.notJson' }],
  [
    'the settings look for its id elsewhere',
    { eventId: 'evt_2' },
    {
      code: 'event.idMissing',
      detail: 'the request no longer holds an event `evt_2`: the settings of source `shop` look for its id elsewhere now',
    },
  ],
])('says why where %s', (_what, held, refusal) => {
  expect(read(held).reading).toMatchObject({ ok: false, ...refusal });
});

test('takes a bug for a reason, which quotes nothing, and tells of it', () => {
  const bug = new TypeError('{"secret":1}');
  const { reading, thrown } = read({}, { interpret: () => throwIt(bug) });
  expect(reading).toEqual({ ok: false, code: 'bug.unexpected', detail: 'it could not be read' });
  expect(thrown).toEqual([['u', bug]]);
});

test('takes the code and the words of an error of ours', () => {
  const { reading } = read({}, { sources: [{ ...SHOP, provider: 'gone' }] });
  const error = new HooklineError('bug.unexpected', { expected: 'a provider of the catalogue', where: 'source `shop`' });
  expect(reading).toEqual({ ok: false, code: 'bug.unexpected', detail: error.message });
});

function throwIt(error: Error): never {
  throw error;
}
