import type { Order } from '../../events/_order.ts';
import type { Ticket } from '../../events/_ticket.ts';
import type { User } from '../../events/_user.ts';
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

/** What a customer is told of an escalated ticket. */
export interface TicketEscalatedMail {
  /** One address. */
  readonly to: string;
  readonly ticket: Pick<Ticket, 'number' | 'subject' | 'requester'>;
}

/** What a new user is told. */
export interface WelcomeMail {
  /** One address. */
  readonly to: string;
  readonly user: Pick<User, 'name'>;
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

    /** Tells a customer that the team gives a ticket its full attention; at most once. */
    sendTicketEscalated: effectAction(
      { policy: 'atMostOnce' },
      async (input: TicketEscalatedMail, { call, effectKey, sending, signal }): Promise<MailReceipt> =>
        deps.mailer.send({
          to: input.to,
          template: 'ticket-escalated',
          variables: { ticket: input.ticket },
          key: effectKey,
          date: new Date(call.occurredAt),
          onSending: sending,
          signal,
        }),
    ),

    /** Welcomes a new user; at most once. */
    sendWelcome: effectAction(
      { policy: 'atMostOnce' },
      async (input: WelcomeMail, { call, effectKey, sending, signal }): Promise<MailReceipt> =>
        deps.mailer.send({
          to: input.to,
          template: 'welcome',
          variables: { user: input.user },
          key: effectKey,
          date: new Date(call.occurredAt),
          onSending: sending,
          signal,
        }),
    ),
  }),
});
