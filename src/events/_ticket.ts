import { z } from 'zod';
import { email } from './_email.ts';
import { displayText, keyText } from './_text.ts';

/** A ticket as every event of a ticket carries it: how it stood right after the change. */
export const ticket = z.object({
  /** With the system that it comes from: `zendesk:<account>:<id>`, `<source>:<id>`. */
  id: keyText(200),
  /** As customer and team know it. */
  number: keyText(100),
  subject: displayText(300),
  /** In lower case, as the system names it: `new`, `open`, `pending`, `solved` … */
  status: keyText(50),
  /** `null` where nobody has set one. */
  priority: z.enum(['low', 'normal', 'high', 'urgent']).nullable(),
  tags: z.array(displayText(100)).max(1000),
  requester: z.object({
    /** `null` where the event does not say it, as Zendesk's do not. */
    email: email.nullable(),
    name: displayText(200).nullable(),
  }),
  /** ISO 8601, UTC; `null` where the event does not say it. */
  createdAt: z.iso.datetime().nullable(),
  /** ISO 8601, UTC; tells which of two events of the ticket is the newer. */
  updatedAt: z.iso.datetime(),
  /** ISO 8601, UTC; when the team had answered, as far as this event says it. The earliest of all events counts. */
  firstAnsweredAt: z.iso.datetime().nullable(),
});

/** A ticket as every event of a ticket carries it. */
export type Ticket = z.output<typeof ticket>;

/** The events of a ticket, and which of two is the newer at equal times: the higher. */
export const TICKET_RANKS = { 'ticket.created': 0, 'ticket.updated': 1 } as const;

/** A type of the events of a ticket. */
export type TicketEventType = keyof typeof TICKET_RANKS;
