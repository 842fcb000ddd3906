import type { ChainEvent } from '../../src/contracts/run.ts';
import type { Ticket, TicketEventType } from '../../src/events/_ticket.ts';

/** An event of a ticket as a chain gets it: an urgent change, unless the overrides say otherwise. */
export function ticketEvent<Type extends TicketEventType>(type: Type, overrides: Partial<Ticket> = {}): ChainEvent<Ticket, Type> {
  const data: Ticket = {
    id: 'desk:77',
    number: 'HELP-77',
    subject: 'My parcel has not arrived',
    status: 'open',
    priority: 'urgent',
    tags: ['parcel'],
    requester: { email: 'ada@example.com', name: 'Ada' },
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:10:00.000Z',
    firstAnsweredAt: null,
    ...overrides,
  };
  return {
    uuid: '019b0000-0000-7000-8000-000000000003',
    source: 'desk',
    id: 'e3',
    type,
    entity: { type: 'ticket', id: data.id },
    occurredAt: data.updatedAt,
    receivedAt: '2026-01-01T00:10:01.000Z',
    test: false,
    data,
  };
}
