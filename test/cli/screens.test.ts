import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toAlertTable } from '../../src/cli/alerts.ts';
import { toAuditTable } from '../../src/cli/audit.ts';
import { toCountTable, toDeliveryScreen, toDeliveryTable } from '../../src/cli/delivery-screen.ts';
import { toEffectList } from '../../src/cli/effects.ts';
import { toFieldTable } from '../../src/cli/entities.ts';
import { toEffectTable, toEventScreen, toEventTable, toRunTable } from '../../src/cli/event-screen.ts';
import { toNoticeTable } from '../../src/cli/notices.ts';
import { toReleaseScreen } from '../../src/cli/release.ts';
import { toRepairScreen } from '../../src/cli/replay/replay-failed.ts';
import { toReplayScreen } from '../../src/cli/replay/replay-one.ts';
import { toResolveScreen } from '../../src/cli/resolve.ts';
import { toRouteTable } from '../../src/cli/routes.ts';
import { toRunList } from '../../src/cli/runs.ts';
import { toSourceTable } from '../../src/cli/sources.ts';
import { toStoppedScreen, toSwitchScreen, toSwitchTable } from '../../src/cli/switch-screen.ts';
import type { Paint } from '../../src/cli/table.ts';
import { toTailText } from '../../src/cli/tail/tail-line.ts';
import { toOutcomeTable } from '../../src/cli/trigger/trigger-screen.ts';
import { deliveryAt, eventAt, runOf } from './tail/tail-rows.ts';

const at = new Date('2026-07-01T12:00:00.000Z');
const plain: Paint = (_tone, text) => text;
const entity = { type: 'order', id: 'shopify:1001' };
const delivery = deliveryAt(0, {
  remoteAddress: '203.0.113.9',
  headers: [['x-topic', 'orders/create']],
  code: 'signature.mismatch',
  detail: 'a detail',
  eventIds: ['1001', '1002'],
});
const run = runOf({ state: 'failed', code: 'action.gaveUp', detail: 'a detail', closedAt: at, temporalUrl: 'http://ui.example/run' });
const event = eventAt(0, { entity, code: 'event.held', detail: 'a detail', runs: [{ ...run, code: 'action.gaveUp' }] });
const effect = {
  ledger: 'new-order',
  action: 'email.send',
  key: '0',
  round: 0,
  state: 'done',
  attempt: 1,
  sends: 1,
  dry: true,
  detail: 'a detail',
  intendedAt: at,
  updatedAt: at,
} as const;
const name = { uuid: 'uuid-0', eventId: '1001', source: 'shop' };
const set = { verb: 'pause', kind: 'agent', name: 'email', since: at, by: 'anna', reason: 'a reason' } as const;
const counted = { source: 'shop', code: 'signature.mismatch', minute: at, count: 7 };
const whole = {
  event: {
    ...event,
    providerId: 'gid',
    provider: 'shopify',
    occurredAt: at,
    deliveryId: 'd',
    sameBodyAs: 'other',
    schemaVersion: 1,
    bodyGone: true,
  },
  runs: [run],
  effects: [effect, { ...effect, ledger: 'other' }],
  deliveries: [delivery],
};
const source = {
  name: 'shop',
  provider: 'shopify',
  path: '/webhooks/shop',
  url: 'https://hooks.example.com/webhooks/shop',
  secrets: 1,
  include: ['orders/*'],
  exclude: ['x'],
  allow: null,
  newest: { id: 'd', receivedAt: at, outcome: 'accepted', code: null },
} as const;
const route = {
  source: 'shop',
  providerType: 'orders/create',
  type: 'order.created',
  chains: [{ name: 'new-order', filtered: true }],
  excluded: null,
};
const alert = { rule: 'run.failed', target: 'new-order', since: at, seenAt: at, count: 3, toldAt: null };
const change = {
  id: 'a',
  at,
  actor: 'anna',
  role: 'admin',
  action: 'event.replay',
  target: 'uuid-0',
  detail: { source: 'shop', chains: ['new-order'] },
};
const notice = { noticedAt: at, ticket: 'zendesk:7', escalation: 1, why: 'a reason', postedTo: 'https://team.example' };
const did = { event: name, reason: 'a reason', note: 'a note', runs: [run] };

const wait = { adapter: 'crm', until: new Date(0), since: new Date(0) };

/** Every screen, with a row in which each text is there, and how many lines it takes. */
const screens: readonly (readonly [name: string, lines: number, (spoil: <Value>(value: Value) => Value) => string])[] = [
  ['events', 2, (spoil) => toEventTable([spoil(event)], plain)],
  ['events <id>', 26, (spoil) => toEventScreen(spoil(whole), plain)],
  ['runs of an event', 2, (spoil) => toRunTable([spoil(run)], plain)],
  ['effects of an event', 2, (spoil) => toEffectTable([spoil(effect)], plain)],
  ['deliveries', 2, (spoil) => toDeliveryTable([spoil(delivery)], plain)],
  ['deliveries <id>', 13, (spoil) => toDeliveryScreen(spoil(delivery), plain)],
  ['counted refusals', 2, (spoil) => toCountTable([spoil(counted)], plain)],
  ['runs', 2, (spoil) => toRunList([spoil(run)], plain)],
  ['effects', 2, (spoil) => toEffectList([spoil({ ...effect, ...name, eventUuid: 'uuid-0' })], plain)],
  ['entities <type> <id>', 2, (spoil) => toFieldTable([spoil({ name: 'status', time: 't', event: 'e', value: { text: 'v' } })], plain)],
  ['notices', 2, (spoil) => toNoticeTable([spoil(notice)], plain)],
  ['sources', 2, (spoil) => toSourceTable([spoil(source)], plain)],
  ['routes', 2, (spoil) => toRouteTable([spoil(route)], plain)],
  ['routes, none', 2, (spoil) => toRouteTable([spoil({ ...route, excluded: 'a list' })], plain)],
  ['switches', 2, (spoil) => toSwitchTable([spoil(set)], plain)],
  ['switches, and a vendor', 4, (spoil) => toStoppedScreen(spoil({ switches: [set], waits: [wait] }), plain)],
  ['hold', 4, (spoil) => toSwitchScreen(spoil({ said: 'it is set', others: [set] }), plain)],
  ['alerts', 2, (spoil) => toAlertTable([spoil(alert)], plain)],
  ['audit', 2, (spoil) => toAuditTable([spoil(change)], plain)],
  ['replay', 3, (spoil) => toReplayScreen({ ...spoil(did), did: 'repaired' }, plain)],
  ['resolve', 3, (spoil) => toResolveScreen({ ...spoil({ ...did, action: 'email.send' }), did: 'sent' }, plain)],
  [
    'release',
    3,
    (spoil) => toReleaseScreen({ ...spoil({ ...did, state: 'quarantined', code: 'c', detail: 'd' } as const), did: 'released' }, plain),
  ],
  [
    'replay --failed',
    6,
    (spoil) => {
      const groups = [spoil({ chain: 'new-order', code: 'c', runs: 2 })];
      const skipped = [spoil({ eventUuid: 'uuid-0', chain: 'new-order', reason: 'a reason' })];
      return toRepairScreen({ matched: 2, groups, asked: 1, skipped }, '1 run starts again', plain);
    },
  ],
  ['tail: a delivery', 1, (spoil) => toTailText({ kind: 'delivery', delivery: spoil(delivery), events: [spoil(event)] }, plain)],
  ['tail: a run', 1, (spoil) => toTailText({ kind: 'run', run: spoil(run) }, plain)],
  ['tail: counted refusals', 1, (spoil) => toTailText({ kind: 'counted', refused: spoil(counted) }, plain)],
  ['trigger --wait', 2, (spoil) => toOutcomeTable([spoil(event)], plain)],
];

/** The same with this in the place of each text, at any depth. */
function spoilWith(text: string): <Value>(value: Value) => Value {
  let count = 0;
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return `${text}${count++}`; // no two alike, since some are told only where they differ
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoil(one)]));
  };
  return (value) => spoil(value) as typeof value; // of the same form, and with texts that no type would have
}

/** Escape sequences, line ends and bidirectional controls among harmless characters. */
const evil = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\u001B[2J',
        '\u001B]0;x\u0007',
        '\n',
        '\r',
        '\t',
        '\u0000',
        '\u007F',
        '\u009B31m',
        '\u2028',
        '\u202E',
        '\u2066',
        '\u200F',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('a screen', () => {
  test.each(screens)(
    '`%s` has %d lines, and no other, nor anything that a terminal would obey, whatever a sender has written',
    (_name, lines, draw) => {
      expect(draw((value) => value).split('\n')).toHaveLength(lines);
      fc.assert(
        fc.property(evil, (text) => {
          const drawn = draw(spoilWith(text)).split('\n');
          expect(drawn).toHaveLength(lines);
          expect(drawn.filter((line) => /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u.test(line))).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
  );
});
