import type { Ticket, TicketEventType } from '../events/_ticket.ts';
import type { StoredChange } from '../store/tickets.ts';

/** The tag by which people escalate a ticket whatever its priority. */
const TAG = 'escalated';
/** The states that say that the customer has been answered: the ticket waits for the customer, or is over. */
const ANSWERED = new Set(['pending', 'solved', 'closed', 'answered', 'resolved']);

/** Whether a ticket as it stands is escalated: its priority is high or urgent, or it has the tag `escalated` (in any case). */
export function isEscalated({ priority, tags }: Pick<Ticket, 'priority' | 'tags'>): boolean {
  return priority === 'high' || priority === 'urgent' || tags.some((tag) => tag.toLowerCase() === TAG);
}

/**
 * When the team had answered, as far as one event tells it: the time that it names; else its own time, where a change has brought
 * the ticket into a state that follows an answer. A new ticket's state tells nothing: who opens one for a customer sets any.
 */
export function answeredAtOf(ticket: Pick<Ticket, 'firstAnsweredAt' | 'status' | 'updatedAt'>, type: TicketEventType): string | null {
  if (ticket.firstAnsweredAt !== null) return ticket.firstAnsweredAt;
  return type === 'ticket.updated' && ANSWERED.has(ticket.status) ? ticket.updatedAt : null;
}

/**
 * Which changes are to be told as escalations now, and under which numbers. An escalation is a run of escalated changes, as long as
 * it can be, in the order of the changes; it is told once, by the first of it that is known then. A change that comes late can join
 * no two runs and end none, so in the end as many are told whatever the order of arrival, and each number once.
 */
export function untoldEscalations<Change extends Pick<StoredChange, 'escalated' | 'escalation'>>(
  changes: readonly Change[],
): readonly { readonly change: Change; readonly escalation: number }[] {
  const told = changes.filter(({ escalation }) => escalation !== null).length;
  return toRuns(changes)
    .filter((run) => run.every(({ escalation }) => escalation === null))
    .flatMap(([first]) => first ?? [])
    .map((change, index) => ({ change, escalation: told + index + 1 }));
}

function toRuns<Change extends Pick<StoredChange, 'escalated'>>(changes: readonly Change[]): readonly (readonly Change[])[] {
  const runs: Change[][] = [];
  let before = false;
  for (const change of changes) {
    if (change.escalated && !before) runs.push([]);
    if (change.escalated) runs.at(-1)?.push(change);
    before = change.escalated;
  }
  return runs;
}
