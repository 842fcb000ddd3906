import { z } from 'zod';

/** One payment of an order. Amounts are in major units. */
const received = z.object({
  /** With the system that took it: `stripe:pi_3Q…`. */
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  /** ISO 8601, UTC. */
  paidAt: z.string(),
});

/** What has been paid for an order. */
export const orderPayment = z.object({
  status: z.enum(['paid']),
  /** The sum of all payments; `null` where they are of several currencies. */
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  /** The newest payment's time, ISO 8601, UTC. */
  paidAt: z.string(),
  /** Every payment once, by id. */
  payments: z.array(received).min(1),
});

/** One payment of an order. */
export type ReceivedPayment = z.output<typeof received>;

/** What has been paid for an order. */
export type OrderPayment = z.output<typeof orderPayment>;

/** Four decimals are the most that an amount has: whole numbers of these add up exactly. */
const UNIT = 10_000;

/** What one payment makes of an order that has no other. */
export function toOrderPayment(payment: ReceivedPayment): OrderPayment {
  return summarise([payment]);
}

/**
 * All payments of both, each id once: the same in whatever order and however often they are joined. Where two events tell the
 * same payment, which they do a second or so apart, the earlier telling stands.
 */
export function joinPayments(standing: OrderPayment, written: OrderPayment): OrderPayment {
  const byId = new Map<string, ReceivedPayment>();
  for (const payment of [...standing.payments, ...written.payments]) {
    const known = byId.get(payment.id);
    if (known === undefined || isBefore(payment, known)) byId.set(payment.id, payment);
  }
  return summarise([...byId.values()]);
}

function summarise(unsorted: readonly ReceivedPayment[]): OrderPayment {
  const payments = unsorted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const currencies = new Set(payments.map(({ currency }) => currency));
  const [currency = null] = currencies.size === 1 ? currencies : [];
  return {
    status: 'paid',
    amount: currency === null ? null : payments.reduce((sum, { amount }) => sum + Math.round(amount * UNIT), 0) / UNIT,
    currency,
    paidAt: payments.reduce((newest, { paidAt }) => (paidAt > newest ? paidAt : newest), ''),
    payments,
  };
}

/** Any fixed order of different tellings does; all times are UTC with milliseconds, so that texts compare as times do. */
function isBefore(a: ReceivedPayment, b: ReceivedPayment): boolean {
  if (a.paidAt !== b.paidAt) return a.paidAt < b.paidAt;
  return a.currency === b.currency ? a.amount < b.amount : a.currency < b.currency;
}
