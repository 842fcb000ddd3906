import { expect, test } from 'vitest';

import type { InterpretedEvent } from '../../src/contracts/inbox.ts';
import { createHoldingInterpreter } from '../../src/ingress/hold-events.ts';
import type { Interpret } from '../../src/ingress/receive.ts';
import type { SetSwitch } from '../../src/store/switches.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { SHOP } from './ingress-fixture.ts';

const since = new Date('2026-11-24T08:00:00.000Z');
const ROUTED: InterpretedEvent = {
  eventId: 'evt_1',
  providerId: 'evt_1',
  providerType: 'order.created',
  type: 'order.created',
  entity: { type: 'order', id: 'shop:1' },
  occurredAt: since,
  test: false,
  state: 'routed',
  code: null,
  detail: null,
  data: { number: '1' },
  schemaVersion: 1,
  routes: [{ chain: 'new-order', ledger: 'new-order', workflowId: 'shop.evt_1' }],
};
const IGNORED: InterpretedEvent = { ...ROUTED, state: 'ignored', routes: [] };
const QUARANTINED: InterpretedEvent = {
  ...ROUTED,
  state: 'quarantined',
  code: 'event.schemaMismatch',
  detail: '/number',
  data: null,
  routes: [],
};
const request = { headers: toDeliveryHeaders([]), body: new Uint8Array(), receivedAt: since };

const hold = (kind: 'all' | 'source', name: string): SetSwitch => ({ verb: 'hold', kind, name, since, by: 'anna', reason: 'a payload?' });
const interpretUnder = (switches: readonly SetSwitch[], ...events: readonly InterpretedEvent[]): ReturnType<Interpret> =>
  createHoldingInterpreter({ interpret: () => ({ ok: true, events }), switches: () => switches })(request, SHOP);

test.each([
  ['the source', hold('source', 'shop'), 'source `shop` is held since 2026-11-24T08:00:00.000Z by anna'],
  ['everything', hold('all', '*'), 'everything is held since 2026-11-24T08:00:00.000Z by anna'],
])('holds what would be routed while %s is held: no routes, and why', (_what, one, detail) => {
  expect(interpretUnder([one], ROUTED)).toEqual({
    ok: true,
    events: [{ ...ROUTED, state: 'held', code: 'event.held', detail, routes: [] }],
  });
});

test('names the hold of everything before that of the source', () => {
  const { events = [] } = { events: undefined, ...interpretUnder([hold('source', 'shop'), hold('all', '*')], ROUTED) };
  expect(events[0]?.detail).toMatch(/^everything is held/);
});

test.each([
  ['no switch', []],
  ['a hold of another source', [hold('source', 'shop-2')]],
  ['a pause of the source', [{ ...hold('source', 'shop'), verb: 'pause' as const }]],
])('routes under %s', (_what, switches) => {
  expect(interpretUnder(switches, ROUTED)).toEqual({ ok: true, events: [ROUTED] });
});

test('leaves ignored and quarantined events of the same delivery what they are', () => {
  const { events = [] } = { events: undefined, ...interpretUnder([hold('all', '*')], IGNORED, ROUTED, QUARANTINED) };
  expect(events.map(({ state }) => state)).toEqual(['ignored', 'held', 'quarantined']);
  expect([events[0], events[2]]).toEqual([IGNORED, QUARANTINED]);
});

test('refuses what is refused, held or not', () => {
  const refused = { ok: false, code: 'body.notJson', detail: 'expected one JSON value' } as const;
  expect(createHoldingInterpreter({ interpret: () => refused, switches: () => [hold('all', '*')] })(request, SHOP)).toBe(refused);
});
