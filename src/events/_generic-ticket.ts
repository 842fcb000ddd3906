import type { JsonValue } from '../contracts/json.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import type { Ticket } from './_ticket.ts';
import { toTags, toWord } from './_ticket-words.ts';
import type { Draft, MapContext, MapPayload } from './define-event.ts';

/**
 * Reads a ticket from a generic sender: flat (`ticket_id`, `subject`, `status`, `priority`, `tags`, `requester_email`, `created_at`
 * …) or nested as our own schema has it; the flat name wins. The id always gets the source's name in front, so that no source can
 * write another system's tickets. The event's time stands in for a missing `updated_at`, and for the `created_at` of a new ticket.
 */
export function fromGenericTicket(kind: 'created' | 'updated'): MapPayload<Ticket> {
  return (payload, context) => toTicket(payload, kind, context);
}

function toTicket(payload: JsonValue, kind: 'created' | 'updated', { source, occurredAt }: MapContext): Draft<Ticket> {
  const body = asObject(payload, '');
  const id = toIdText(firstOf(body, ['ticket_id', 'id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/ticket_id` or `/id`');
  const requester = asObject(firstOf(body, ['requester']) ?? {}, '/requester');
  const time = occurredAt.toISOString();
  const created = firstOf(body, ['created_at', 'createdAt']);
  const createdAt = created === undefined && kind === 'updated' ? null : toIsoTime(created, '/created_at', time);
  const answered = firstOf(body, ['first_answered_at', 'firstAnsweredAt']);
  return {
    id: `${source}:${id}`,
    number: toIdText(firstOf(body, ['ticket_number', 'number'])) ?? id,
    subject: firstOf(body, ['subject', 'title']) ?? '',
    status: toWord(firstOf(body, ['status'])),
    priority: toWord(firstOf(body, ['priority'])) ?? null,
    tags: toTags(firstOf(body, ['tags']), '/tags'),
    requester: {
      email: firstOf(body, ['requester_email', 'customer_email']) ?? firstOf(requester, ['email']) ?? null,
      name: firstOf(body, ['requester_name', 'customer_name']) ?? firstOf(requester, ['name']) ?? null,
    },
    createdAt,
    updatedAt: toIsoTime(firstOf(body, ['updated_at', 'updatedAt']), '/updated_at', kind === 'created' ? (createdAt ?? time) : time),
    firstAnsweredAt: answered === undefined ? null : toIsoTime(answered, '/first_answered_at', time),
  };
}
