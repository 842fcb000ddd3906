import { HooklineError } from '../../contracts/errors.ts';
import { toOrderPayment } from '../../entities/_order-payment.ts';
import order from '../../entities/order.ts';
import type { Payment } from '../../events/_payment.ts';
import { notePayment } from '../../store/payments.ts';
import { defineAgent, stateAction, type StateTx } from '../define-agent.ts';
import { mergeEntity } from '../merge-entity.ts';

/** What a payment has made of its order. */
export interface MarkedPaid {
  /** The order that it pays; null where no event of this payment has named one. */
  readonly orderId: string | null;
  /** Whether all that has come is at least the order's total; null where that cannot be told: no order yet, or another currency. */
  readonly covered: boolean | null;
}

/** Payments in our own tables: which have come, and which order each of them pays. */
export default defineAgent({
  name: 'payments',
  actions: () => ({
    /**
     * Marks the order of a payment paid. Whatever tells of one payment is one payment; the order need not be known yet. A
     * payment that names no order is noted, and finds its order when another event of it names one.
     */
    markPaid: stateAction(async (payment: Payment, tx): Promise<MarkedPaid> => {
      const orderId = await notePayment(tx.db, { ...payment, paidAt: new Date(payment.paidAt) });
      if (orderId === null) return { orderId, covered: null };
      if (payment.orderId !== null && payment.orderId !== orderId) throw otherOrder(payment, orderId);
      return { orderId, covered: await gather(tx, payment, orderId) };
    }),
  }),
});

/** Adds the payment to its order, unless the event does not name it: then the one that did has added it already. */
async function gather(tx: StateTx, { id, orderId, amount, currency, paidAt }: Payment, known: string): Promise<boolean | null> {
  const writes =
    orderId === null ? [] : [{ agent: 'payments', time: paidAt, fields: { payment: toOrderPayment({ id, amount, currency, paidAt }) } }];
  const { fields } = await mergeEntity(tx, { entity: order, id: known, writes });
  const { payment, total } = fields;
  if (payment === undefined || payment.amount === null || total === undefined || total.currency !== payment.currency) return null;
  return payment.amount >= total.amount;
}

function otherOrder(payment: Payment, orderId: string): HooklineError {
  return new HooklineError('payment.otherOrder', { expected: `order \`${orderId}\``, got: 'another', where: `payment \`${payment.id}\`` });
}
