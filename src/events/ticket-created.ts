import { fromGenericTicket } from './_generic-ticket.ts';
import { ticket, TICKET_RANKS } from './_ticket.ts';
import { fromZendeskTicket } from './_zendesk-ticket.ts';
import { defineEvent } from './define-event.ts';

/** A customer has asked for help. */
export default defineEvent({
  type: 'ticket.created',
  schema: ticket,
  entity: (data) => ({ type: 'ticket', id: data.id }),
  order: { by: 'updatedAt', rank: TICKET_RANKS['ticket.created'] },
  from: {
    hookline: { 'ticket.created': fromGenericTicket('created') },
    zendesk: { 'zen:event-type:ticket.created': fromZendeskTicket },
  },
});
