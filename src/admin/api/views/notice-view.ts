import { z } from 'zod';
import type { TeamNoticeRow } from '../../../store/tickets.ts';
import { time } from '../fields.ts';

/** A notice, as lists and JSON tell it: without its text, in which stands what a customer wrote. */
export const noticeView = z
  .object({
    noticedAt: time,
    ticket: z.string(),
    escalation: z.int().nullable().meta({ description: 'Which escalation of its ticket it tells, from 1.' }),
    why: z.string().nullable(),
    postedTo: z
      .string()
      .nullable()
      .meta({ description: "Origin of the team's URL; null where there is none, and the notice stands in our table alone." }),
  })
  .meta({ id: 'Notice' });

/** A notice, as lists and JSON tell it. */
export type NoticeView = z.output<typeof noticeView>;

/** What the support agent writes behind the ticket's number; before it stands what a sender wrote, so only the end of the line counts. */
const ESCALATED = / is escalated(?: again \((?<again>\d{1,9})\))?: (?<why>priority (?:high|urgent)|tag `escalated`)$/;

/** What is told of a notice. */
export function toNoticeView({ subject, text, postedTo, noticedAt }: Omit<TeamNoticeRow, 'key'>): NoticeView {
  const [line = ''] = text.split('\n', 1);
  const told = line.endsWith(`, ${subject}`) ? line.slice(0, -`, ${subject}`.length) : line;
  const { again = '1', why } = ESCALATED.exec(told)?.groups ?? {};
  return { noticedAt, ticket: subject, escalation: why === undefined ? null : Number(again), why: why ?? null, postedTo };
}
