import { holdsText, toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import type { TeamNoticeRow } from './tickets.ts';

/** What a list of notices is narrowed to. */
export interface TeamNoticeFilter {
  /** Part of what it is about: a ticket's id. What was told is not looked into. */
  readonly text?: string | undefined;
  /** Noticed at or after. */
  readonly since?: Date | undefined;
  /** Noticed before. */
  readonly until?: Date | undefined;
  /** The last notice of the page before. */
  readonly before?: Pick<ListedNotice, 'noticedAtText' | 'key'> | undefined;
  readonly limit: number;
}

/** A notice in a list. */
export interface ListedNotice extends TeamNoticeRow {
  /** To the microsecond, as no `Date` has it. */
  readonly noticedAtText: string;
}

const LISTED = `
SELECT key, subject, text, posted_to AS "postedTo", noticed_at AS "noticedAt",
       to_char(noticed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "noticedAtText"
FROM team_notices`;

/** What the team was told, the newest first; whether it was posted or not. */
export async function listTeamNotices(db: Queryable, filter: TeamNoticeFilter): Promise<readonly ListedNotice[]> {
  const { text, since, until, before, limit } = filter;
  const statement = toListStatement({
    name: 'teamNotices.list',
    select: LISTED,
    where: {
      text: holdsText('subject', text),
      since: ['noticed_at >= ?', since],
      until: ['noticed_at < ?', until],
      before: [
        '(noticed_at < ?::timestamptz OR noticed_at = ?::timestamptz AND key > ?)',
        before?.noticedAtText,
        before?.noticedAtText,
        before?.key,
      ],
    },
    order: 'noticed_at DESC, key',
    limit,
  });
  return (await db.query<ListedNotice>(statement)).rows;
}
