import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/cli/drill/create-random.ts';
import type { DrillEvent } from '../../../src/cli/drill/drill-facts.ts';
import { makeDrillEvents, makeProbes, type EventWish } from '../../../src/cli/drill/make-drill-events.ts';
import { chains } from '../../../src/workflows/catalogue.gen.ts';
import { events } from '../../../src/events/catalogue.gen.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';
import { createInterpreter } from '../../../src/ingress/interpret.ts';
import { toDeliveryHeaders } from '../../../src/ingress/headers.ts';

const now = new Date('2026-07-01T12:00:00.000Z');
const TYPES = ['payment.succeeded', 'customer.updated', 'ticket.created', 'ticket.updated', 'user.registered', 'order.created'];
const routes = new Map(TYPES.map((type) => [type, { always: ['a-chain'], maybe: [] }]));
const make = (wish: Partial<EventWish> = {}): readonly (readonly DrillEvent[])[] =>
  makeDrillEvents({ prefix: 'drill-7-', count: 60, routes, newestFirst: false, random: createRandom(7), now, ...wish });
const interpret = createInterpreter({ providers, events, chains });
const toEvents = ({ body }: DrillEvent) =>
  interpret(
    { headers: toDeliveryHeaders([]), body: Buffer.from(JSON.stringify(body)), receivedAt: now },
    { name: 'drills', provider: 'hookline', secrets: ['none'], options: {} },
  );

describe('the events of a drill', () => {
  test('are as many as were asked for, of every kind, with ids that are all different, and the same ones for the same seed', () => {
    const all = make().flat();
    expect(all).toHaveLength(60);
    expect(new Set(all.map(({ id }) => id)).size).toBe(60);
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(TYPES));
    expect(make()).toEqual(make());
    expect(make({ random: createRandom(8) })).not.toEqual(make());
  });

  test('are marked as test traffic, and speak of nothing whose id does not begin as theirs do, at addresses that nobody has', () => {
    for (const event of make().flat()) {
      const { data, ...envelope } = event.body as { readonly data: Readonly<Record<string, unknown>> }; // as it is made
      expect(envelope).toEqual({ event_id: event.id, event_type: event.type, test: true, occurred_at: expect.any(String) as string });
      for (const [name, value] of Object.entries(data)) {
        if (name.endsWith('_id')) expect(value).toMatch(/^drill-7-/);
        if (name.endsWith('email')) expect(value).toMatch(/^drill-7-.*@drill\.invalid$/);
      }
    }
  });

  test('are taken by the listener as they are meant: each fits its schema and goes to a chain', () => {
    for (const event of make().flat())
      expect(toEvents(event)).toMatchObject({ ok: true, events: [{ eventId: event.id, type: event.type, state: 'routed' }] });
  });

  test('begin with a payment alone, which reaches the outside least', () => {
    expect(make()[0]?.map(({ type }) => type)).toEqual(['payment.succeeded']);
  });

  test('come in order, or newest first, and then, after the first, of changing things only', () => {
    const timesOf = (group: readonly DrillEvent[]): readonly number[] => group.map(({ body }) => Date.parse(body['occurred_at'] as string)); // as it is made
    for (const group of make()) expect(timesOf(group)).toEqual(timesOf(group).toSorted((a, b) => a - b));
    const [alone = [], ...overtaken] = make({ newestFirst: true, count: 61 });
    expect(alone.map(({ type }) => type)).toEqual(['payment.succeeded']);
    for (const group of overtaken) expect(timesOf(group)).toEqual(timesOf(group).toSorted((a, b) => b - a));
    expect(overtaken.every((group) => group.length === 2)).toBe(true);
  });

  test('leave out what goes to no chain, and are none where nothing does', () => {
    const one = new Map([...routes].filter(([type]) => type === 'user.registered' || type === 'ticket.created'));
    expect(
      new Set(
        make({ routes: one })
          .flat()
          .map(({ type }) => type),
      ),
    ).toEqual(new Set(['user.registered']));
    expect([make({ routes: new Map() }), make({ routes: one, newestFirst: true })]).toEqual([[], []]);
  });

  test('are preceded by some that no chain wants', () => {
    const probes = makeProbes({ prefix: 'drill-7-', now });
    expect(new Set(probes.map(({ id }) => id)).size).toBe(4);
    for (const probe of probes)
      expect(toEvents(probe)).toMatchObject({ ok: true, events: [{ eventId: probe.id, state: 'ignored', routes: [] }] });
  });
});
