import { paymentSucceeded } from '../sample-payment.ts';
import { fail, type RecordedCase } from './recorded-case.ts';

const marked = { orderId: 'shop:1001', covered: true };

/** The ways through `order-paid`. */
export const orderPaidCases: readonly RecordedCase[] = [
  { name: 'done', event: paymentSucceeded(), actions: { 'payments.markPaid': () => marked } },
  {
    name: 'unmatched',
    event: paymentSucceeded({ orderId: null }),
    actions: { 'payments.markPaid': () => ({ orderId: null, covered: null }) },
  },
  { name: 'other-order', event: paymentSucceeded(), actions: { 'payments.markPaid': fail('payment.otherOrder') } },
  {
    name: 'count-failed',
    event: paymentSucceeded(),
    actions: { 'payments.markPaid': () => marked, 'analytics.record': fail('ledger.inputChanged') },
  },
];
