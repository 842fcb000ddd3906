import { isJsonObject } from '../contracts/json.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { toOrderReference } from './_order-reference.ts';
import { asObject, firstOf, toIdText } from './_payload.ts';
import type { Payment } from './_payment.ts';
import { toMajorUnits } from './_stripe-money.ts';
import { stripeObjectOf } from './_stripe-object.ts';
import type { Draft, MapContext } from './define-event.ts';

/**
 * Reads a Checkout session (docs.stripe.com/api/checkout/sessions/object). One that is not paid is no payment: the money of a
 * bank debit comes days later, with `checkout.session.async_payment_succeeded`. The payment's id is that of its PaymentIntent,
 * so that the session and the intent are one payment; of a session without one it is the session's.
 */
export function fromStripeSession(payload: JsonValue, context: MapContext): Draft<Payment> | undefined {
  const session = stripeObjectOf(payload);
  if (session['payment_status'] !== 'paid') return undefined;
  const intent = firstOf(session, ['payment_intent']);
  const id = firstOf(isJsonObject(intent) ? intent : { id: intent ?? null }, ['id']) ?? firstOf(session, ['id']);
  return toPayment({ object: session, id, amount: firstOf(session, ['amount_total']), context });
}

/** Reads a PaymentIntent (docs.stripe.com/api/payment_intents/object) that has succeeded. */
export function fromStripeIntent(payload: JsonValue, context: MapContext): Draft<Payment> {
  const intent = stripeObjectOf(payload);
  return toPayment({ object: intent, id: firstOf(intent, ['id']), amount: firstOf(intent, ['amount_received', 'amount']), context });
}

interface Parts {
  readonly object: JsonObject;
  readonly id: JsonValue | undefined;
  readonly amount: JsonValue | undefined;
  readonly context: MapContext;
}

function toPayment({ object, id, amount, context }: Parts): Draft<Payment> {
  const providerId = toIdText(id);
  if (providerId === undefined) throw new Error('expected a text at `/id`');
  const metadata = asObject(firstOf(object, ['metadata']) ?? {}, '/metadata');
  const reference = firstOf(object, ['client_reference_id']) ?? firstOf(metadata, ['order_id']);
  return {
    id: `stripe:${providerId}`,
    providerId,
    orderId: toOrderReference(reference, context),
    ...toMajorUnits(amount, firstOf(object, ['currency'])),
    // The objects tell when they were made, which is before they were paid; the event tells when it happened.
    paidAt: context.occurredAt.toISOString(),
  };
}
