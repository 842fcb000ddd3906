import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import order from '../../src/entities/order.ts';

type State = Parameters<typeof order.merge>[0];
type Write = Parameters<typeof order.merge>[1];

const EMPTY: State = { fields: {}, versions: {} };
const version = (time: string, rank = 0, eventId = 'e') => ({ time, rank, eventId });

function mergeAll(writes: readonly Write[]): State {
  return writes.reduce<State>((state, write) => {
    const { fields, versions } = order.merge(state, write);
    return { fields, versions };
  }, EMPTY);
}

it('writes what was never written, with its version', () => {
  const write: Write = { agent: 'event', version: version('2026-11-24T12:00:00Z'), fields: { number: '#1', customerEmail: null } };
  const stands = version('2026-11-24T12:00:00.000Z');
  expect(order.merge(EMPTY, write)).toEqual({
    fields: { number: '#1', customerEmail: null },
    versions: { number: stands, customerEmail: stands },
    superseded: [],
  });
});

it('supersedes older writes field by field, and changes nothing by them', () => {
  const newer = mergeAll([{ agent: 'event', version: version('2026-11-24T12:00:00Z'), fields: { number: '#2' } }]);
  const merged = order.merge(newer, {
    agent: 'event',
    version: version('2026-11-24T11:00:00Z'),
    fields: { number: '#1', customerEmail: 'a@b' },
  });
  expect(merged).toMatchObject({ fields: { number: '#2', customerEmail: 'a@b' }, superseded: ['number'] });
});

describe('of two writes', () => {
  it.each([
    ['the later time stands, whatever the zone it is written in', version('2026-11-24T12:30:00+01:00'), version('2026-11-24T12:00:00Z')],
    ['at equal times the higher rank stands', version('2026-11-24T12:00:00Z', 1, 'z'), version('2026-11-24T13:00:00+01:00', 2, 'a')],
    ['at equal ranks the greater event id stands', version('2026-11-24T12:00:00Z', 1, 'a'), version('2026-11-24T12:00:00Z', 1, 'b')],
  ])('%s', (_name, older, newer) => {
    const writes: Write[] = [
      { agent: 'inventory', version: older, fields: { status: 'received' } },
      { agent: 'inventory', version: newer, fields: { status: 'reserved' } },
    ];
    expect(mergeAll(writes).fields).toEqual({ status: 'reserved' });
    expect(mergeAll(writes.toReversed()).fields).toEqual({ status: 'reserved' });
  });

  it('of one event the one that comes last stands: a run writes in its own order', () => {
    const same = version('2026-11-24T12:00:00Z');
    const writes = (['reserved', 'released'] as const).map((status): Write => ({ agent: 'inventory', version: same, fields: { status } }));
    expect(mergeAll(writes).fields.status).toBe('released');
  });
});

it('gives the same state in whatever order the writes of different events arrive', () => {
  const times = fc.constantFrom(
    '2026-11-24T12:00:00Z',
    '2026-11-24T12:00:01Z',
    '2026-11-24T12:00:01.000+00:00',
    '2026-11-24T14:00:00+02:00',
  );
  const writes = fc
    .array(fc.record({ time: times, rank: fc.nat(2), byAgent: fc.boolean(), number: fc.string(), both: fc.boolean() }), { maxLength: 8 })
    .map((items) =>
      items.map(({ time, rank, byAgent, number, both }, index): Write => {
        const stamp = version(time, rank, `event-${index}`);
        if (byAgent) return { agent: 'inventory', version: stamp, fields: { status: index % 2 === 0 ? 'reserved' : 'backordered' } };
        return { agent: 'event', version: stamp, fields: both ? { number, customerEmail: null } : { number } };
      }),
    );
  fc.assert(
    fc.property(
      writes.chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length }))),
      ([inOrder, shuffled]) => {
        expect(mergeAll(shuffled)).toEqual(mergeAll(inOrder));
      },
    ),
  );
});

it('merges the same write twice as once', () => {
  const write: Write = { agent: 'event', version: version('2026-11-24T12:00:00Z'), fields: { number: '#1' } };
  expect(mergeAll([write, write])).toEqual(mergeAll([write]));
});

it('refuses writes by agents that do not own the field, and of fields that are none', () => {
  const write = (agent: string, fields: object): Write => ({ agent, version: version('2026-11-24T12:00:00Z'), fields });
  expect(() => order.merge(EMPTY, write('email', { status: 'reserved' }))).toThrow(
    'bug.unexpected: expected a write by `inventory`, got one by `email`, in entity `order`, field `status`',
  );
  expect(() => order.merge(EMPTY, write('inventory', { number: '#1' }))).toThrow(/a write by `event`/);
  for (const name of ['colour', 'constructor', 'toString', '__proto__']) {
    expect(() => order.merge(EMPTY, write('event', Object.fromEntries([[name, 1]])))).toThrow(/a field of the entity/);
  }
});

it('refuses a version without a time', () => {
  expect(() => order.merge(EMPTY, { agent: 'event', version: version('soon'), fields: { number: '1' } })).toThrow(/an ISO 8601 time/);
});
