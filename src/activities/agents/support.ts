import ticketEntity from '../../entities/ticket.ts';
import { TICKET_RANKS, type Ticket, type TicketEventType } from '../../events/_ticket.ts';
import { updateEntity, type EntityState } from '../../store/entities.ts';
import { addTicketChange, claimEscalations, listTicketChanges, recordFirstAnswer } from '../../store/tickets.ts';
import { defineAgent, effectAction, stateAction, type StateTx } from '../define-agent.ts';
import { answeredAtOf, isEscalated, untoldEscalations } from '../ticket-escalations.ts';

/** A ticket as an event has left it. */
export interface FollowInput {
  readonly ticket: Ticket;
  readonly type: TicketEventType;
}

/** One escalation of a ticket. */
export interface Escalation {
  /** 1 for the first of its ticket. */
  readonly number: number;
  /** When it began, ISO 8601. */
  readonly at: string;
  /** The priority that it began with; null where the tag alone has escalated a ticket without one. */
  readonly priority: string | null;
}

/** What following has found out. */
export interface Followed {
  /** Those that this event's run is to tell, and nobody else. */
  readonly escalations: readonly Escalation[];
  /** Where this event has told an earlier first answer than was known: what to record. */
  readonly answer: FirstAnswerInput | null;
}

/** When a ticket was first answered; both ISO 8601. */
export interface FirstAnswerInput {
  readonly ticketId: string;
  readonly createdAt: string;
  readonly answeredAt: string;
}

/** What the team is told of an escalation. */
export interface TellTeamInput {
  readonly ticket: Pick<Ticket, 'id' | 'number' | 'subject'>;
  readonly escalation: Escalation;
}

/** Tickets: follows how they stand, and tells the team when one is escalated. */
export default defineAgent({
  name: 'support',
  actions: (deps) => ({
    /**
     * Brings our picture of a ticket up to one event, and claims the escalations that nobody has told yet. Any order and any number
     * of copies of a ticket's events give the same picture and the same escalations, each of them claimed once.
     */
    follow: stateAction(async ({ ticket, type }: FollowInput, tx): Promise<Followed> => {
      const { before, after } = await mergeTicket(tx, ticket, type); // locks the ticket until the end of the transaction
      const { db, call } = tx;
      await addTicketChange(db, {
        ticketId: ticket.id,
        eventId: toChangeId(call),
        changedAt: new Date(ticket.updatedAt),
        rank: TICKET_RANKS[type],
        escalated: isEscalated(ticket),
        priority: ticket.priority,
      });
      const changes = await listTicketChanges(db, ticket.id);
      const claims = untoldEscalations(changes).map(({ change, escalation }) => ({ ...change, escalation, toldBy: call.eventUuid }));
      await claimEscalations(db, { ticketId: ticket.id, toldBy: call.eventUuid, claims });
      // those of before as well: `replay --again` follows once more, and means to tell again
      const mine = [...changes, ...claims].filter(({ toldBy }) => toldBy === call.eventUuid);
      return {
        escalations: mine
          .flatMap(({ escalation, changedAt, priority }) =>
            escalation === null ? [] : [{ number: escalation, at: changedAt.toISOString(), priority }],
          )
          .sort((a, b) => a.number - b.number),
        answer: newAnswer(ticket.id, before, after),
      };
    }),

    /** Keeps the time to a ticket's first answer: one row a ticket, in which the earliest answer stands. */
    recordFirstAnswer: stateAction(async ({ ticketId, createdAt, answeredAt }: FirstAnswerInput, { db }) => {
      await recordFirstAnswer(db, { ticketId, createdAt: new Date(createdAt), answeredAt: new Date(answeredAt) });
    }),

    /** Tells the team of an escalation; posted again under the same `Idempotency-Key` while nobody knows whether it has arrived. */
    tellTeam: effectAction({ policy: 'atLeastOnce' }, async ({ ticket, escalation }: TellTeamInput, { effectKey, sending, signal }) =>
      deps.teamNotices.tell({
        key: effectKey,
        subject: ticket.id,
        text: toText(ticket, escalation),
        metadata: {
          event_type: 'ticket_escalated',
          event_payload: {
            ticket_id: ticket.id,
            number: ticket.number,
            escalation: escalation.number,
            priority: escalation.priority,
            at: escalation.at,
          },
        },
        onSending: sending,
        signal,
      }),
    ),
  }),
});

/** Ids are unique within a source alone; a blank sorts before every character of an id, so that these compare as ids do. */
function toChangeId({ eventId, source }: StateTx['call']): string {
  return `${eventId} ${source}`;
}

type TicketState = Parameters<typeof ticketEntity.merge>[0];

async function mergeTicket(
  { db, call, onSuperseded }: StateTx,
  ticket: Ticket,
  type: TicketEventType,
): Promise<{ readonly before: TicketState; readonly after: TicketState }> {
  const { id, number, subject, status, priority, tags, requester, createdAt } = ticket;
  const version = { time: ticket.updatedAt, rank: TICKET_RANKS[type], eventId: toChangeId(call) };
  const answeredAt = answeredAtOf(ticket, type);
  const told = { number, subject, status, priority, tags, requesterEmail: requester.email, ...(createdAt === null ? {} : { createdAt }) };
  const concluded = { escalated: isEscalated(ticket), ...(answeredAt === null ? {} : { firstAnsweredAt: answeredAt }) };
  let before: TicketState = { fields: {}, versions: {} };
  let superseded = false;
  const after = await updateEntity(db, { type: ticketEntity.type, id }, (current) => {
    before = current as TicketState; // only `merge` writes what is stored
    const withFacts = ticketEntity.merge(before, { agent: 'event', version, fields: told });
    superseded = withFacts.superseded.length === Object.keys(told).length;
    const { fields, versions } = ticketEntity.merge(withFacts, { agent: 'support', version, fields: concluded });
    return { fields, versions } as EntityState; // plain JSON
  });
  if (superseded) onSuperseded?.(ticketEntity.type);
  return { before, after: after as TicketState }; // as above
}

/** What is to be recorded: nothing while creation or answer are unknown, and nothing that was known before. */
function newAnswer(ticketId: string, before: TicketState, after: TicketState): FirstAnswerInput | null {
  const { createdAt, firstAnsweredAt } = after.fields;
  if (createdAt === undefined || firstAnsweredAt === undefined) return null;
  if (before.fields.createdAt === createdAt && before.fields.firstAnsweredAt === firstAnsweredAt) return null;
  return { ticketId, createdAt, answeredAt: firstAnsweredAt };
}

/** One line; what a customer wrote stands at its end. */
function toText({ id, number, subject }: TellTeamInput['ticket'], { number: count, priority }: Escalation): string {
  const why = priority === 'high' || priority === 'urgent' ? `priority ${priority}` : 'tag `escalated`';
  return `Ticket ${number} is escalated${count === 1 ? '' : ` again (${count})`}: ${why}, ${id}${subject === '' ? '' : `\n${subject}`}`;
}
