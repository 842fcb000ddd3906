import { holdsText, toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';

/** What a list of entities is narrowed to. */
export interface EntityFilter {
  readonly type: string;
  /** Part of the id; fields are not looked into. */
  readonly text?: string | undefined;
  /** Changed at or after. */
  readonly since?: Date | undefined;
  /** Changed before. */
  readonly until?: Date | undefined;
  /** The last entity of the page before. */
  readonly before?: Pick<ChangedEntity, 'updatedAtText' | 'id'> | undefined;
  readonly limit: number;
}

/** An entity in a list: the names of its fields, and not what stands in them. */
export interface ChangedEntity {
  readonly id: string;
  readonly updatedAt: Date;
  readonly fields: readonly string[];
  /** To the microsecond, as no `Date` has it. */
  readonly updatedAtText: string;
}

const LISTED = `
SELECT id, updated_at AS "updatedAt", ARRAY(SELECT json_object_keys(fields) ORDER BY 1) AS fields,
       to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "updatedAtText"
FROM entities`;

/** Entities of a type, the newest change first. One that changes meanwhile moves to the front. */
export async function listEntities(db: Queryable, filter: EntityFilter): Promise<readonly ChangedEntity[]> {
  const { type, text, since, until, before, limit } = filter;
  const statement = toListStatement({
    name: 'entities.list',
    select: LISTED,
    where: {
      type: ['type = ?', type],
      text: holdsText('id', text),
      since: ['updated_at >= ?', since],
      until: ['updated_at < ?', until],
      before: [
        '(updated_at < ?::timestamptz OR updated_at = ?::timestamptz AND id COLLATE "C" > ?)',
        before?.updatedAtText,
        before?.updatedAtText,
        before?.id,
      ],
    },
    order: 'updated_at DESC, id COLLATE "C"',
    limit,
  });
  return (await db.query<ChangedEntity>(statement)).rows;
}
