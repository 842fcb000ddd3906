import type { JsonValue } from '../../../contracts/json.ts';
import { toResend, type DemoMaker } from '../demo-maker.ts';
import type { DemoEffect, DemoExpectation, DemoStory, DemoWebhook } from '../demo-story.ts';
import { sampleText } from '../sample-text.ts';

const REQUESTER = 'katherine@example.com';
/** How long ago the ticket was made, and answered. */
const CREATED = 25;
const ANSWERED = 15;

const URGENT = { priority: 'urgent', status: 'open' } as const;
const CALM = { priority: 'normal', status: 'pending' } as const;

/**
 * A ticket is urgent, is answered, and is urgent again: two escalations, of each of which the team and the customer are told once,
 * also when the last change comes twice. Another comes from Zendesk, which does not tell the customer's address.
 */
export function ticketChangedStory(maker: DemoMaker): DemoStory {
  const ticketId = `tkt_${maker.newSeed()}`;
  const generic = (type: 'created' | 'updated', minutesAgo: number, change: Readonly<Record<string, JsonValue>>) =>
    maker.sample('hookline', `ticket.${type}`, {
      seed: maker.newSeed(),
      minutesAgo,
      set: {
        'data.ticket_id': ticketId,
        'data.tags': [],
        'data.requester_email': REQUESTER,
        'data.requester_name': 'Katherine Johnson',
        'data.created_at': maker.minutesAgo(CREATED).toISOString(),
        ...Object.fromEntries(Object.entries(change).map(([field, value]) => [`data.${field}`, value])),
      },
    });
  const change = (name: string, minutesAgo: number, state: typeof URGENT | typeof CALM, expected: DemoExpectation): DemoWebhook =>
    maker.webhook({ name, source: 'hookline', sample: generic('updated', minutesAgo, state), expected });
  const zendesk = maker.sample('zendesk', 'zen:event-type:ticket.priority_changed', { seed: maker.newSeed() });
  const zendeskId = `zendesk:${sampleText(zendesk.body, '/account_id')}:${sampleText(zendesk.body, '/detail/id')}`;
  const last = change('ticket urgent again', 5, URGENT, told({ escalation: 2, mailed: true }));
  return {
    title: 'Ticket changed',
    webhooks: [
      maker.webhook({
        name: 'ticket of any sender',
        source: 'hookline',
        sample: generic('created', CREATED, {}),
        expected: followed({ type: 'ticket.created', effects: [] }),
      }),
      change('ticket urgent', 20, URGENT, told({ escalation: 1, mailed: true })),
      change('ticket answered, normal', ANSWERED, CALM, followed({ type: 'ticket.updated', effects: [['support.recordFirstAnswer', 0]] })),
      last,
      toResend(last),
      maker.webhook({
        name: 'Zendesk: priority raised',
        source: 'zendesk',
        sample: zendesk,
        expected: told({ escalation: 1, mailed: false }),
      }),
    ],
    leaves: {
      mails: [1, 2].map(() => ({ to: REQUESTER, subject: `Your request ${ticketId} has our full attention` })),
      notices: [
        { ticket: `hookline:${ticketId}`, escalation: 1, why: 'priority urgent' },
        { ticket: `hookline:${ticketId}`, escalation: 2, why: 'priority urgent' },
        { ticket: zendeskId, escalation: 1, why: 'priority urgent' },
      ],
      tickets: [
        { ticket: `hookline:${ticketId}`, status: 'open', escalated: true },
        { ticket: zendeskId, status: 'open', escalated: true },
      ],
      counted: [{ name: 'ticket_first_answer_s', subject: `hookline:${ticketId}`, value: (CREATED - ANSWERED) * 60, currency: null }],
    },
  };
}

function told({ escalation, mailed }: { readonly escalation: number; readonly mailed: boolean }): DemoExpectation {
  return followed({
    type: 'ticket.updated',
    // the development set has no URL of a team: the notice stands in our own table alone
    effects: [['support.tellTeam', 0], ...(mailed ? [['email.sendTicketEscalated', 1] as const] : [])],
    escalation,
  });
}

function followed({
  type,
  effects,
  escalation,
}: {
  readonly type: 'ticket.created' | 'ticket.updated';
  readonly effects: readonly DemoEffect[];
  readonly escalation?: number;
}): DemoExpectation {
  return {
    status: 'accepted',
    type,
    run: {
      chain: 'follow-ticket',
      effects: [['support.follow', 0], ...effects],
      result: { escalations: escalation === undefined ? [] : [escalation] },
      ...(escalation === undefined ? {} : { note: `escalation ${escalation}` }),
    },
  };
}
