import { defineChain } from '../define-chain.ts';

/** A payment: marks the order that it pays, and counts it once, however many events tell of it. */
export default defineChain({
  name: 'order-paid',
  on: 'payment.succeeded',
  summary: ({ data }) => `Payment ${data.providerId} of ${data.orderId === null ? 'no order that it names' : `order ${data.orderId}`}`,

  async run({ data: payment }, { agents, log }) {
    const { orderId, covered } = await agents.payments.markPaid(payment);
    if (orderId === null) {
      log('a payment names no order');
      return { matched: false, paymentId: payment.id };
    }
    await agents.analytics.record({
      name: 'order_paid',
      subject: orderId,
      value: payment.amount,
      currency: payment.currency,
      unique: payment.id,
    });
    return { matched: true, paymentId: payment.id, orderId, covered };
  },
});
