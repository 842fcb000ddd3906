import type { Order } from '../../events/_order.ts';
import type { Ticket } from '../../events/_ticket.ts';
import type { User } from '../../events/_user.ts';
import { defineAgent, effectAction, type EffectCall } from '../define-agent.ts';
import type { Mail, MailReceipt } from '../mailer.ts';

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
  actions: (deps) => {
    const send = (
      mail: Pick<Mail, 'to' | 'template' | 'variables'>,
      { call, effectKey, sending, signal }: EffectCall,
    ): Promise<MailReceipt> => deps.mailer.send({ ...mail, key: effectKey, date: new Date(call.occurredAt), onSending: sending, signal });
    return {
      /** Confirms an order to the customer, and says what follows later; at most once. */
      sendOrderConfirmation: effectAction({ policy: 'atMostOnce' }, ({ to, order, short }: OrderConfirmation, call) =>
        send({ to, template: 'order-confirmation', variables: { order, short } }, call),
      ),

      /** Tells a customer that the team gives a ticket its full attention; at most once. */
      sendTicketEscalated: effectAction({ policy: 'atMostOnce' }, ({ to, ticket }: TicketEscalatedMail, call) =>
        send({ to, template: 'ticket-escalated', variables: { ticket } }, call),
      ),

      /** Welcomes a new user; at most once. */
      sendWelcome: effectAction({ policy: 'atMostOnce' }, ({ to, user }: WelcomeMail, call) =>
        send({ to, template: 'welcome', variables: { user } }, call),
      ),
    };
  },
});
