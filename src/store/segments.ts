import { toTimestamp } from './columns.ts';
import type { Queryable } from './pool.ts';

/** The segments of one user. */
export interface Membership {
  /** With the system it comes from. */
  readonly userId: string;
  readonly segments: readonly string[];
  readonly since: Date;
}

/**
 * Puts a user into exactly these segments: leaves the others, and keeps the time of those that the user was in already. The caller
 * holds the user's entity row.
 */
export async function setSegments(tx: Queryable, { userId, segments, since }: Membership): Promise<void> {
  await tx.query({
    name: 'segments.set',
    text: `WITH gone AS (DELETE FROM segment_members WHERE user_id = $1 AND segment <> ALL ($2::text[]))
           INSERT INTO segment_members (segment, user_id, since) SELECT segment, $1, $3 FROM unnest($2::text[]) AS t (segment)
           ON CONFLICT (segment, user_id) DO NOTHING`,
    values: [userId, segments, toTimestamp(since)],
  });
}
