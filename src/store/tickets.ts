import { toTimestamp } from './columns.ts';
import type { Queryable } from './pool.ts';

/** One change of a ticket, as an event has told it. */
export interface TicketChange {
  readonly ticketId: string;
  /** Of the event that has told it, with the source. */
  readonly eventId: string;
  readonly changedAt: Date;
  /** Decides at equal times; then the event's id does. */
  readonly rank: number;
  readonly escalated: boolean;
  readonly priority: string | null;
}

/** A change as its row stands. */
export interface StoredChange extends Omit<TicketChange, 'ticketId' | 'rank'> {
  /** The number under which it was told as an escalation, from 1. */
  readonly escalation: number | null;
  /** The event whose run has told it, or will. */
  readonly toldBy: string | null;
}

/** Appends a change; one that its ticket and event have made already stays as it is. The caller holds the ticket's entity row. */
export async function addTicketChange(
  tx: Queryable,
  { ticketId, eventId, changedAt, rank, escalated, priority }: TicketChange,
): Promise<void> {
  await tx.query({
    name: 'tickets.addChange',
    text: `INSERT INTO ticket_changes (ticket_id, event_id, changed_at, rank, escalated, priority) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (ticket_id, event_id) DO NOTHING`,
    values: [ticketId, eventId, toTimestamp(changedAt), rank, escalated, priority],
  });
}

/** Every change of a ticket, oldest first; ids are compared by their bytes, as everywhere. */
export async function listTicketChanges(tx: Queryable, ticketId: string): Promise<readonly StoredChange[]> {
  return (
    await tx.query<StoredChange>({
      name: 'tickets.listChanges',
      text: `SELECT event_id AS "eventId", changed_at AS "changedAt", escalated, priority, escalation, told_by AS "toldBy"
             FROM ticket_changes WHERE ticket_id = $1 ORDER BY changed_at, rank, event_id COLLATE "C"`,
      values: [ticketId],
    })
  ).rows;
}

/** Writes that an event's run tells these changes as escalations, under these numbers. */
export async function claimEscalations(
  tx: Queryable,
  {
    ticketId,
    toldBy,
    claims,
  }: {
    readonly ticketId: string;
    readonly toldBy: string;
    readonly claims: readonly { readonly eventId: string; readonly escalation: number }[];
  },
): Promise<void> {
  if (claims.length === 0) return;
  await tx.query({
    name: 'tickets.claimEscalations',
    text: `UPDATE ticket_changes c SET escalation = t.escalation, told_by = $2
           FROM unnest($3::text[], $4::int[]) AS t (event_id, escalation) WHERE c.ticket_id = $1 AND c.event_id = t.event_id`,
    values: [ticketId, toldBy, claims.map(({ eventId }) => eventId), claims.map(({ escalation }) => escalation)],
  });
}

/** When a ticket was first answered. */
export interface FirstAnswer {
  readonly ticketId: string;
  readonly createdAt: Date;
  readonly answeredAt: Date;
}

/**
 * Keeps the time from a ticket's creation to its first answer as one row of `analytics`, in seconds, never below 0: the earliest
 * answer stands, whatever the order in which several are told.
 */
export async function recordFirstAnswer(tx: Queryable, { ticketId, createdAt, answeredAt }: FirstAnswer): Promise<void> {
  const seconds = Math.max(0, answeredAt.getTime() - createdAt.getTime()) / 1000;
  await tx.query({
    name: 'tickets.recordFirstAnswer',
    text: `INSERT INTO analytics AS a (key, name, subject, value, currency, occurred_at) VALUES ($1, 'ticket_first_answer_s', $2, $3, NULL, $4)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, occurred_at = excluded.occurred_at
           WHERE excluded.occurred_at < a.occurred_at OR (excluded.occurred_at = a.occurred_at AND excluded.value > a.value)`,
    values: [`ticket_first_answer_s ${ticketId}`, ticketId, seconds, toTimestamp(answeredAt)],
  });
}

/** What the team was told. */
export interface TeamNoticeRow {
  /** Unique: a second row under it is the same notice. */
  readonly key: string;
  /** What it is about: a ticket's id. */
  readonly subject: string;
  readonly text: string;
  /** Origin of the team's URL; null where there is none. */
  readonly postedTo: string | null;
  readonly noticedAt: Date;
}

/** Keeps a notice, once for each key. */
export async function keepTeamNotice(db: Queryable, { key, subject, text, postedTo, noticedAt }: TeamNoticeRow): Promise<void> {
  await db.query({
    name: 'tickets.keepNotice',
    text: `INSERT INTO team_notices (key, subject, text, posted_to, noticed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING`,
    values: [key, subject, text, postedTo, toTimestamp(noticedAt)],
  });
}
