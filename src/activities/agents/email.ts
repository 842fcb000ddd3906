import type { Order } from '../../events/_order.ts';
import { defineAgent, effectAction } from '../define-agent.ts';
import type { MailReceipt } from '../mailer.ts';

/** What a confirmation says. */
export interface OrderConfirmation {
  /** One address. */
  readonly to: string;
  readonly order: Order;
  /** Lines that could not be held whole. */
  readonly short: readonly { readonly sku: string; readonly wanted: number; readonly held: number }[];
}

/** Mails to customers. Plain SMTP cannot tell whether a mail went out once its answer is lost, so nothing is sent twice. */
export default defineAgent({
  name: 'email',
  actions: (deps) => ({
    /** Confirms an order to the customer, and says what follows later; at most once. */
    sendOrderConfirmation: effectAction(
      { policy: 'atMostOnce' },
      async (input: OrderConfirmation, { call, effectKey, sending, signal }): Promise<MailReceipt> =>
        deps.mailer.send({
          to: input.to,
          template: 'order-confirmation',
          variables: { order: input.order, short: input.short },
          key: effectKey,
          date: new Date(call.occurredAt),
          onSending: sending,
          signal,
        }),
    ),
  }),
});
