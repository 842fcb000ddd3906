import type { JsonObject } from '../../contracts/json.ts';
import type { ProviderDefinition, Sample, SampleContext } from '../define-provider.ts';
import { numberOf } from './seeded.ts';

/** Samples of Zendesk's ticket events (developer.zendesk.com/api-reference/webhooks/event-types/ticket-events). One seed, one ticket. */
export const zendeskSamples = {
  'zen:event-type:ticket.created': (context) => toSample('created', context, { status: 'NEW', priority: 'NORMAL', tags: ['shipping'] }, {}),
  'zen:event-type:ticket.priority_changed': (context) =>
    toSample(
      'priority_changed',
      context,
      { status: 'OPEN', priority: 'URGENT', tags: ['shipping'] },
      { current: 'URGENT', previous: 'NORMAL' },
    ),
  'zen:event-type:ticket.status_changed': (context) =>
    toSample(
      'status_changed',
      context,
      { status: 'PENDING', priority: 'NORMAL', tags: ['shipping'] },
      { current: 'PENDING', previous: 'OPEN' },
    ),
  'zen:event-type:ticket.tags_changed': (context) =>
    toSample(
      'tags_changed',
      context,
      { status: 'OPEN', priority: 'NORMAL', tags: ['shipping', 'escalated'] },
      { tags_added: ['escalated'], tags_removed: [] },
    ),
  'zen:event-type:ticket.subject_changed': (context) =>
    toSample('subject_changed', context, OPEN, { current: 'My parcel has not arrived', previous: 'Parcel' }),
  'zen:event-type:ticket.requester_changed': (context) =>
    toSample('requester_changed', context, OPEN, { current: '8447388090494', previous: '8447388090111' }),
  'zen:event-type:ticket.comment_added': (context) =>
    toSample('comment_added', context, OPEN, {
      comment: {
        id: '8447388090999',
        body: 'It is on its way.',
        is_public: true,
        author: { id: '8447388090111', is_staff: true, name: 'Grace' },
      },
    }),
} as const satisfies ProviderDefinition['sample'];

const OPEN = { status: 'OPEN', priority: 'NORMAL', tags: ['shipping'] } as const;
const ACCOUNT_ID = 12_514_403;

function toSample(name: string, { now, id }: SampleContext, state: JsonObject, event: JsonObject): Sample {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const ticketId = String(numberOf(id) % 1_000_000);
  return {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'Zendesk Webhook',
      'X-Zendesk-Account-Id': String(ACCOUNT_ID),
      'X-Zendesk-Webhook-Id': '01HQ3W5V8Y7N2B4K6M9P0R1S2T',
      'X-Zendesk-Webhook-Invocation-Id': `inv-${id}`,
    },
    body: {
      type: `zen:event-type:ticket.${name}`,
      account_id: ACCOUNT_ID,
      id,
      time,
      zendesk_event_version: '2022-06-20',
      subject: `zen:ticket:${ticketId}`,
      detail: {
        actor_id: '8447388090494',
        assignee_id: null,
        brand_id: '8447346621310',
        created_at: `${new Date(now.getTime() - 60_000).toISOString().slice(0, 19)}Z`,
        custom_status: '8447320465790',
        description: 'It should have been here on Monday.',
        external_id: null,
        form_id: '8646151517822',
        group_id: '8447320466430',
        id: ticketId,
        is_public: true,
        organization_id: null,
        requester_id: '8447388090494',
        subject: 'My parcel has not arrived',
        submitter_id: '8447388090494',
        type: 'PROBLEM',
        updated_at: time,
        via: { channel: 'web_form' },
        ...state,
      },
      event: { meta: { sequence: { id: `seq-${id}`, position: 1 } }, ...event },
    },
  };
}
