import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinPayments, toOrderPayment, type OrderPayment, type ReceivedPayment } from '../../src/entities/_order-payment.ts';
import order from '../../src/entities/order.ts';

type State = Parameters<typeof order.merge>[0];
type Write = Parameters<typeof order.merge>[1];

const RUNS = 3_000;
const paid = (id: string, more: Partial<ReceivedPayment> = {}): OrderPayment =>
  toOrderPayment({ id, amount: 10, currency: 'EUR', paidAt: '2026-11-10T16:05:00.000Z', ...more });
const mergeAll = (writes: readonly Write[]): State =>
  writes.reduce<State>(
    (state, write) => {
      const { fields, versions } = order.merge(state, write);
      return { fields, versions };
    },
    { fields: {}, versions: {} },
  );
/** Items in any order, some of them several times. */
const shuffledAndRepeated = <Item>(items: readonly Item[]): fc.Arbitrary<readonly Item[]> =>
  fc
    .array(fc.constantFrom(...items), { maxLength: 6 })
    .chain((again) => fc.shuffledSubarray([...items, ...again], { minLength: items.length + again.length }));

it('gathers payments: the sum, each once, and the newest time', () => {
  const second = paid('stripe:b', { amount: 0.2, paidAt: '2026-11-11T09:00:00.000Z' });
  expect(joinPayments(joinPayments(paid('stripe:a', { amount: 0.1 }), second), second)).toEqual({
    status: 'paid',
    amount: 0.3,
    currency: 'EUR',
    paidAt: '2026-11-11T09:00:00.000Z',
    payments: [
      { id: 'stripe:a', amount: 0.1, currency: 'EUR', paidAt: '2026-11-10T16:05:00.000Z' },
      { id: 'stripe:b', amount: 0.2, currency: 'EUR', paidAt: '2026-11-11T09:00:00.000Z' },
    ],
  });
});

it('names no sum of several currencies', () => {
  expect(joinPayments(paid('a'), paid('b', { currency: 'USD' }))).toMatchObject({ amount: null, currency: null });
});

it('keeps a payment that is told late beside a newer one: none is superseded', () => {
  const write = (id: string, time: string): Write => ({
    agent: 'payments',
    version: { time, rank: 0, eventId: id },
    fields: { payment: paid(id, { paidAt: time }) },
  });
  const newer = mergeAll([write('b', '2026-11-11T09:00:00.000Z')]);
  const merged = order.merge(newer, write('a', '2026-11-10T16:05:00.000Z'));
  expect(merged.superseded).toEqual([]);
  expect(merged.fields.payment?.payments.map(({ id }) => id)).toEqual(['a', 'b']);
});

it('ends in one state in whatever order, and however often, orders and payments are told', () => {
  const times = fc.constantFrom('2026-11-10T16:05:00.000Z', '2026-11-10T16:05:01.000Z', '2026-11-10T16:04:59.000Z');
  const payment = fc.record({
    kind: fc.constant('payment' as const),
    id: fc.constantFrom('stripe:a', 'stripe:b', 'erp:c'),
    amount: fc.constantFrom(0.1, 0.2, 598.94, 99_999_999_999),
    currency: fc.constantFrom('EUR', 'USD'),
    paidAt: times,
  });
  const told = fc.record({ kind: fc.constant('order' as const), number: fc.string(), time: times });
  const writes = fc.array(fc.oneof(payment, told), { minLength: 1, maxLength: 8 }).map((items) =>
    items.map((item, index): Write => {
      const eventId = `event-${index}`;
      if (item.kind === 'order') return { agent: 'event', version: { time: item.time, rank: 0, eventId }, fields: { number: item.number } };
      const { kind: _, ...received } = item;
      return { agent: 'payments', version: { time: item.paidAt, rank: 0, eventId }, fields: { payment: toOrderPayment(received) } };
    }),
  );
  fc.assert(
    fc.property(
      writes.chain((items) => fc.tuple(fc.constant(items), shuffledAndRepeated(items))),
      ([inOrder, shuffled]) => {
        expect(mergeAll(shuffled)).toEqual(mergeAll(inOrder));
      },
    ),
    { numRuns: RUNS },
  );
});
