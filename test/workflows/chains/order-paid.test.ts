import { describe, expect, it } from 'vitest';
import orderPaid from '../../../src/workflows/chains/order-paid.ts';
import { paymentSucceeded } from '../../../scripts/record/sample-payment.ts';
import { playChain } from '../../support/play-chain.ts';

describe('order-paid', () => {
  it('marks the order and counts the payment, under its own id', async () => {
    const event = paymentSucceeded();
    const played = await playChain(orderPaid, event, { 'payments.markPaid': { orderId: 'shop:1001', covered: true } });
    expect(played.calls).toEqual([
      { action: 'payments.markPaid', input: event.data },
      {
        action: 'analytics.record',
        input: { name: 'order_paid', subject: 'shop:1001', value: 24.5, currency: 'EUR', unique: 'stripe:pi_1' },
      },
    ]);
    expect(played.result).toEqual({ matched: true, paymentId: 'stripe:pi_1', orderId: 'shop:1001', covered: true });
  });

  it('counts nothing while no order is named, and says so', async () => {
    const played = await playChain(orderPaid, paymentSucceeded({ orderId: null }), {
      'payments.markPaid': { orderId: null, covered: null },
    });
    expect(played.calls.map(({ action }) => action)).toEqual(['payments.markPaid']);
    expect(played.result).toEqual({ matched: false, paymentId: 'stripe:pi_1' });
  });

  it('counts a payment without an order whose order another event has named', async () => {
    const played = await playChain(orderPaid, paymentSucceeded({ orderId: null }), {
      'payments.markPaid': { orderId: 'shop:7', covered: null },
    });
    expect(played.calls.at(-1)).toMatchObject({ action: 'analytics.record', input: { subject: 'shop:7' } });
  });

  it('says which payment it is, and of which order', () => {
    expect(orderPaid.summary(paymentSucceeded())).toBe('Payment pi_1 of order shop:1001');
    expect(orderPaid.summary(paymentSucceeded({ orderId: null }))).toBe('Payment pi_1 of no order that it names');
  });
});
