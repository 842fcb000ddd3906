import type { JsonValue } from '../contracts/json.ts';
import { toAmount } from './_money.ts';
import { toOrderReference } from './_order-reference.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import type { Payment } from './_payment.ts';
import type { Draft, MapContext } from './define-event.ts';

/**
 * Reads a payment from a generic sender: `payment_id` or `id`, `order_id`, `order` or `reference`, `amount`, `currency`,
 * `paid_at`. The payment's id always gets the source's name in front; the order's gets a system as `toOrderReference` has it.
 */
export function fromGenericPayment(payload: JsonValue, context: MapContext): Draft<Payment> {
  const body = asObject(payload, '');
  const id = toIdText(firstOf(body, ['payment_id', 'id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/payment_id` or `/id`');
  const amount = firstOf(body, ['amount']);
  return {
    id: `${context.source}:${id}`,
    providerId: id,
    orderId: toOrderReference(firstOf(body, ['order_id', 'order', 'reference']), context),
    amount: toAmount(amount) ?? amount,
    currency: firstOf(body, ['currency']),
    paidAt: toIsoTime(firstOf(body, ['paid_at', 'paidAt']), '/paid_at', context.occurredAt.toISOString()),
  };
}
