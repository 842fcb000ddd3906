import { ticketEvent } from '../sample-ticket.ts';
import { fail, type RecordedCase } from './recorded-case.ts';

const escalation = (number: number): object => ({ number, at: '2026-01-01T00:10:00.000Z', priority: 'urgent' });
const answer = { ticketId: 'desk:77', createdAt: '2026-01-01T00:00:00.000Z', answeredAt: '2026-01-01T00:10:00.000Z' };
const follow = (escalations: readonly object[] = [], answered: object | null = null) => ({
  'support.follow': () => ({ escalations, answer: answered }),
});

/** The ways through `follow-ticket`. */
export const followTicketCases: readonly RecordedCase[] = [
  { name: 'done', event: ticketEvent('ticket.created', { priority: 'normal' }), actions: follow() },
  { name: 'answered', event: ticketEvent('ticket.updated', { priority: 'normal', status: 'solved' }), actions: follow([], answer) },
  { name: 'escalated', event: ticketEvent('ticket.updated'), actions: follow([escalation(1)]) },
  { name: 'escalated-twice', event: ticketEvent('ticket.updated'), actions: follow([escalation(1), escalation(2)], answer) },
  {
    name: 'no-address',
    event: ticketEvent('ticket.updated', { requester: { email: null, name: null } }),
    actions: follow([escalation(1)]),
  },
  { name: 'follow-failed', event: ticketEvent('ticket.updated'), actions: { 'support.follow': fail('ledger.inputChanged') } },
  {
    name: 'team-refused',
    event: ticketEvent('ticket.updated'),
    actions: { ...follow([escalation(1)]), 'support.tellTeam': fail('http.refused') },
  },
  {
    name: 'mail-unknown',
    event: ticketEvent('ticket.updated'),
    actions: { ...follow([escalation(1)]), 'email.sendTicketEscalated': fail('effect.unknown') },
  },
];
