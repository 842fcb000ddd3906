import { fromGenericPayment } from './_generic-payment.ts';
import { payment } from './_payment.ts';
import { fromStripeIntent, fromStripeSession } from './_stripe-payment.ts';
import { defineEvent } from './define-event.ts';

/** The money of a payment has come. Payments gather on their order, so that their own order means nothing. */
export default defineEvent({
  type: 'payment.succeeded',
  schema: payment,
  entity: ({ orderId }) => (orderId === null ? null : { type: 'order', id: orderId }),
  from: {
    hookline: { 'payment.succeeded': fromGenericPayment },
    stripe: {
      'checkout.session.completed': fromStripeSession,
      'checkout.session.async_payment_succeeded': fromStripeSession,
      'payment_intent.succeeded': fromStripeIntent,
    },
  },
});
