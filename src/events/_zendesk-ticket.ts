import type { JsonObject, JsonValue } from '../contracts/json.ts';
import { isJsonObject } from '../contracts/json.ts';
import { asObject, firstOf, toIdText, toIsoTime } from './_payload.ts';
import type { Ticket } from './_ticket.ts';
import { toTags, toWord } from './_ticket-words.ts';
import type { Draft, MapContext, MapPayload } from './define-event.ts';

/**
 * Reads a ticket event of a Zendesk event subscription (developer.zendesk.com, Ticket events): `detail` is the ticket after the
 * change, its words in capitals. Ticket ids are unique in one account only, so the account stands in ours. The event's own `time`
 * orders, since `detail.updated_at` has whole seconds only. A public comment of the staff is an answer. Zendesk names the
 * requester by id alone: an address is read from `detail.requester.email`, which only a body of one's own can have.
 */
export function fromZendeskTicket(payload: JsonValue, { occurredAt }: MapContext): Draft<Ticket> {
  const body = asObject(payload, '');
  const detail = asObject(firstOf(body, ['detail']), '/detail');
  const id = toIdText(firstOf(detail, ['id']));
  if (id === undefined) throw new Error('expected a text or an integer below 2^53 at `/detail/id`');
  const account = toIdText(firstOf(body, ['account_id']));
  if (account === undefined) throw new Error('expected a text or an integer below 2^53 at `/account_id`');
  const requester = asObject(firstOf(detail, ['requester']) ?? {}, '/detail/requester');
  const updated = toIsoTime(firstOf(detail, ['updated_at']), '/detail/updated_at', occurredAt.toISOString());
  const time = toIsoTime(firstOf(body, ['time']), '/time', updated);
  return {
    id: `zendesk:${account}:${id}`,
    number: `#${id}`,
    subject: firstOf(detail, ['subject']) ?? '',
    status: toWord(firstOf(detail, ['status'])),
    priority: toWord(firstOf(detail, ['priority'])) ?? null,
    tags: toTags(firstOf(detail, ['tags']), '/detail/tags'),
    requester: { email: firstOf(requester, ['email']) ?? null, name: firstOf(requester, ['name']) ?? null },
    createdAt: toIsoTime(firstOf(detail, ['created_at']), '/detail/created_at', time),
    updatedAt: time,
    firstAnsweredAt: isAnswer(body) ? time : null,
  };
}

/** What happens to a ticket, in Zendesk's words, and is read by `fromZendeskTicket`; the others change nothing that is followed. */
export const ZENDESK_TICKET_CHANGES: Readonly<Record<string, MapPayload<Ticket>>> = Object.fromEntries(
  ['priority_changed', 'status_changed', 'tags_changed', 'subject_changed', 'requester_changed', 'comment_added'].map((change) => [
    `zen:event-type:ticket.${change}`,
    fromZendeskTicket,
  ]),
);

function isAnswer(body: JsonObject): boolean {
  const event = firstOf(body, ['event']);
  const comment = isJsonObject(event) ? firstOf(event, ['comment']) : undefined;
  const author = isJsonObject(comment) ? firstOf(comment, ['author']) : undefined;
  return isJsonObject(comment) && isJsonObject(author) && comment['is_public'] === true && author['is_staff'] === true;
}
