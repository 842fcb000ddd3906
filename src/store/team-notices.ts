import { toTimestamp } from './columns.ts';
import type { Queryable } from './pool.ts';
import type { TeamNoticeRow } from './tickets.ts';

/** What a list of notices is narrowed to. */
export interface TeamNoticeFilter {
  /** Noticed at or after. */
  readonly since?: Date | undefined;
  readonly limit: number;
}

/** What the team was told, the newest first; whether it was posted or not. */
export async function listTeamNotices(db: Queryable, { since, limit }: TeamNoticeFilter): Promise<readonly TeamNoticeRow[]> {
  return (
    await db.query<TeamNoticeRow>({
      name: 'teamNotices.list',
      text: `SELECT key, subject, text, posted_to AS "postedTo", noticed_at AS "noticedAt" FROM team_notices
             WHERE $1::timestamptz IS NULL OR noticed_at >= $1 ORDER BY noticed_at DESC, key LIMIT $2`,
      values: [since && toTimestamp(since), limit],
    })
  ).rows;
}
