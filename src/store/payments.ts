import { toTimestamp } from './columns.ts';
import type { Queryable } from './pool.ts';

/** A payment as an event tells it. */
export interface PaymentRow {
  /** With the system that took it: `stripe:pi_3Q…`. */
  readonly id: string;
  /** Null where the event names no order. */
  readonly orderId: string | null;
  /** In major units. */
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: Date;
}

/**
 * Notes a payment inside the caller's transaction, once for each id, and resolves to the order that it pays: the first that any
 * event has named, or null while none has. Waits for another transaction that notes the same payment.
 */
export async function notePayment(tx: Queryable, { id, orderId, amount, currency, paidAt }: PaymentRow): Promise<string | null> {
  const { rows } = await tx.query<{ readonly order_id: string | null }>({
    name: 'payments.note',
    text: `INSERT INTO payments AS p (id, order_id, amount, currency, paid_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET order_id = coalesce(p.order_id, excluded.order_id) RETURNING order_id`,
    values: [id, orderId, amount, currency, toTimestamp(paidAt)],
  });
  return rows[0]?.order_id ?? null;
}
