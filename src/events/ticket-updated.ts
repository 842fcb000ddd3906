import { fromGenericTicket } from './_generic-ticket.ts';
import { ticket, TICKET_RANKS } from './_ticket.ts';
import { ZENDESK_TICKET_CHANGES } from './_zendesk-ticket.ts';
import { defineEvent } from './define-event.ts';

/** A ticket has changed: its priority, its status, its tags, or what was said in it. */
export default defineEvent({
  type: 'ticket.updated',
  schema: ticket,
  entity: (data) => ({ type: 'ticket', id: data.id }),
  order: { by: 'updatedAt', rank: TICKET_RANKS['ticket.updated'] },
  from: {
    hookline: { 'ticket.updated': fromGenericTicket('updated') },
    zendesk: ZENDESK_TICKET_CHANGES,
  },
});
