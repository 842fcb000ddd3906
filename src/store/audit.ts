import type { JsonObject } from '../contracts/json.ts';
import { holdsText, toListStatement } from './list-statement.ts';
import type { Queryable } from './pool.ts';
import { toFirstUuid } from './uuid-range.ts';

/** A change that a person has made. Neither a payload nor a secret may stand in any of it. */
export interface AuditEntry {
  /** UUID of version 7: audit rows sort by time. */
  readonly id: string;
  /** A token's name, or `local`, with the user's name where that is known. */
  readonly actor: string;
  readonly role: string;
  /** `event.replay`, `switch.set`. */
  readonly action: string;
  readonly target: string;
  readonly detail: JsonObject;
}

/** An entry as it stands. */
export interface AuditRow extends AuditEntry {
  readonly at: Date;
}

/** What a list of changes is narrowed to. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** Part of actor, action or target. */
  readonly text?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** Id of the last entry of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Writes that something was changed. It belongs into the transaction of the change, so that neither is there without the other. */
export async function addAudit(tx: Queryable, { id, actor, role, action, target, detail }: AuditEntry): Promise<void> {
  await tx.query({
    name: 'audit.add',
    text: 'INSERT INTO audit (id, actor, role, action, target, detail) VALUES ($1, $2, $3, $4, $5, $6)',
    values: [id, actor, role, action, target, JSON.stringify(detail)],
  });
}

/** What was changed, the newest first. */
export async function listAudit(db: Queryable, filter: AuditFilter): Promise<readonly AuditRow[]> {
  const { actor, action, target, text, since, until, before, limit } = filter;
  const statement = toListStatement({
    name: 'audit.list',
    select: 'SELECT id, at, actor, role, action, target, detail FROM audit',
    where: {
      actor: ['actor = ?', actor],
      action: ['action = ?', action],
      target: ['target = ?', target],
      text: holdsText('actor, action, target', text),
      since: ['id >= ?', since && toFirstUuid(since)],
      until: ['id < ?', until && toFirstUuid(until)],
      before: ['id < ?', before],
    },
    order: 'id DESC',
    limit,
  });
  return (await db.query<AuditRow>(statement)).rows;
}
