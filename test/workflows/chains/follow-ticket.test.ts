import { describe, expect, it } from 'vitest';
import followTicket from '../../../src/workflows/chains/follow-ticket.ts';
import { ticketEvent } from '../../../scripts/record/sample-ticket.ts';
import { playChain } from '../../support/play-chain.ts';

const escalation = (number: number): object => ({ number, at: '2026-01-01T00:10:00.000Z', priority: 'urgent' });
const followed = (escalations: readonly object[], answer: object | null = null) => ({ 'support.follow': { escalations, answer } });
const actionsOf = ({ calls }: { readonly calls: readonly { readonly action: string }[] }): readonly string[] =>
  calls.map(({ action }) => action);

describe('follow-ticket', () => {
  it('follows a ticket, and tells nobody while it is not escalated', async () => {
    const event = ticketEvent('ticket.created', { priority: 'normal' });
    const played = await playChain(followTicket, event, followed([]));
    expect(played).toEqual({
      calls: [{ action: 'support.follow', input: { ticket: event.data, type: 'ticket.created' } }],
      result: { escalations: [] },
    });
  });

  it('tells team and customer of each escalation', async () => {
    const played = await playChain(followTicket, ticketEvent('ticket.updated'), followed([escalation(1), escalation(2)]));
    expect(actionsOf(played)).toEqual([
      'support.follow',
      'support.tellTeam',
      'email.sendTicketEscalated',
      'support.tellTeam',
      'email.sendTicketEscalated',
    ]);
    expect(played.calls[1]?.input).toEqual({
      ticket: { id: 'desk:77', number: 'HELP-77', subject: 'My parcel has not arrived' },
      escalation: escalation(1),
    });
    expect(played.calls[2]?.input).toMatchObject({ to: 'ada@example.com', ticket: { number: 'HELP-77' } });
    expect(played.result).toEqual({ escalations: [1, 2] });
  });

  it('tells the team alone where nobody knows an address', async () => {
    const event = ticketEvent('ticket.updated', { requester: { email: null, name: null } });
    expect(actionsOf(await playChain(followTicket, event, followed([escalation(1)])))).toEqual(['support.follow', 'support.tellTeam']);
  });

  it('records a first answer before it tells anybody anything', async () => {
    const answer = { ticketId: 'desk:77', createdAt: '2026-01-01T00:00:00.000Z', answeredAt: '2026-01-01T00:10:00.000Z' };
    const played = await playChain(followTicket, ticketEvent('ticket.updated'), followed([escalation(1)], answer));
    expect(actionsOf(played).slice(0, 2)).toEqual(['support.follow', 'support.recordFirstAnswer']);
    expect(played.calls[1]?.input).toEqual(answer);
  });

  it.each(['support.tellTeam', 'email.sendTicketEscalated'])('does the other all the same when %s fails, and fails', async (failing) => {
    const played = await playChain(followTicket, ticketEvent('ticket.updated'), {
      ...followed([escalation(1)]),
      [failing]: () => {
        throw new Error('no');
      },
    });
    expect(actionsOf(played)).toEqual(['support.follow', 'support.tellTeam', 'email.sendTicketEscalated']);
    expect(played.error).toBeInstanceOf(Error);
  });

  it('says which ticket it is', () => {
    expect(followTicket.summary(ticketEvent('ticket.updated'))).toBe('Ticket HELP-77');
  });
});
