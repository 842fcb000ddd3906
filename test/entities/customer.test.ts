import fc from 'fast-check';
import { expect, it } from 'vitest';
import customer from '../../src/entities/customer.ts';

type State = Parameters<typeof customer.merge>[0];
type Write = Parameters<typeof customer.merge>[1];

const RUNS = 3_000;
const EMPTY: State = { fields: {}, versions: {} };

function mergeInto(state: State, write: Write): State {
  const { fields, versions } = customer.merge(state, write);
  return { fields, versions };
}

/** A change, as `crm.mergeProfile` writes it. */
function writeOf(eventId: string, { updatedAt, ...said }: { readonly updatedAt: string } & Write['fields']): Write {
  return { agent: 'event', version: { time: updatedAt, rank: 0, eventId }, fields: { ...said, updatedAt } };
}

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null | undefined> =>
  fc.option(fc.option(value), { nil: undefined });
const changes = fc
  .array(
    fc.record({
      email: maybe(fc.constantFrom('a@example.com', 'b@example.com')),
      name: maybe(fc.string({ maxLength: 4 })),
      phone: maybe(fc.constantFrom('1', '2')),
      marketingConsent: maybe(fc.boolean()),
      // few times, so that many changes have the same one
      updatedAt: fc.constantFrom('2026-11-24T12:00:00.000Z', '2026-11-24T12:00:01.000Z', '2026-11-24T13:00:00+01:00'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((items) => items.map((item, index) => writeOf(`event-${index}`, item)));
const told = changes.chain((writes) =>
  fc
    .array(fc.constantFrom(...writes), { maxLength: 6 })
    .chain((again) => fc.shuffledSubarray([...writes, ...again], { minLength: writes.length + again.length }))
    .map((shuffled) => ({ writes, shuffled })),
);

it('keeps what a newer change does not speak of, and empties what it says is nothing', () => {
  const older = writeOf('a', { name: 'Ada', phone: '1', updatedAt: '2026-11-24T12:00:00.000Z' });
  const newer = writeOf('b', { phone: null, updatedAt: '2026-11-24T12:00:01.000Z' });
  expect(mergeInto(mergeInto(EMPTY, older), newer).fields).toEqual({ name: 'Ada', phone: null, updatedAt: '2026-11-24T12:00:01.000Z' });
});

it('ends in one state in whatever order, and however often, changes are told', () => {
  fc.assert(
    fc.property(told, ({ writes, shuffled }) => {
      expect(shuffled.reduce(mergeInto, EMPTY)).toEqual(writes.reduce(mergeInto, EMPTY));
    }),
    { numRuns: RUNS },
  );
});

it('leaves a CRM that takes profiles by their revision with the newest one, in whatever order they reach it', () => {
  fc.assert(
    fc.property(told, fc.infiniteStream(fc.nat(1_000)), ({ writes, shuffled }, delays) => {
      let state = EMPTY;
      let revision = 0;
      // each change is merged at its turn and sent a while later; the CRM keeps the greatest revision
      const sent = shuffled.flatMap((write, turn) => {
        const { superseded, ...merged } = customer.merge(state, write);
        const said = Object.values(write.fields).filter((value) => value !== undefined).length;
        if (superseded.length === said) return [];
        state = { fields: merged.fields, versions: merged.versions };
        revision += 1;
        return [{ arrives: turn + (delays.next().value ?? 0), revision, profile: merged.fields }];
      });
      let crm = { revision: 0, profile: {} as State['fields'] };
      for (const put of sent.toSorted((a, b) => a.arrives - b.arrives)) if (put.revision >= crm.revision) crm = put;
      expect(crm.profile).toEqual(writes.reduce(mergeInto, EMPTY).fields);
    }),
    { numRuns: RUNS },
  );
});
