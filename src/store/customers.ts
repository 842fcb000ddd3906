import type { JsonObject } from '../contracts/json.ts';
import { toJsonText } from './columns.ts';
import type { Queryable } from './pool.ts';

/** Says that a customer has changed once more, inside the transaction that changes the entity; resolves to the new revision, from 1. */
export async function raiseRevision(tx: Queryable, customerId: string): Promise<number> {
  const { rows } = await tx.query<{ readonly revision: number }>({
    name: 'customers.raise',
    text: `INSERT INTO customer_revisions AS c (id, revision) VALUES ($1, 1)
           ON CONFLICT (id) DO UPDATE SET revision = c.revision + 1 RETURNING revision`,
    values: [customerId],
  });
  return rows[0]?.revision ?? 0;
}

/** How often a customer has changed; 0 for one that nobody has heard of. */
export async function readRevision(db: Queryable, customerId: string): Promise<number> {
  const { rows } = await db.query<{ readonly revision: number }>({
    name: 'customers.revision',
    text: 'SELECT revision FROM customer_revisions WHERE id = $1',
    values: [customerId],
  });
  return rows[0]?.revision ?? 0;
}

/** A profile for the own CRM table. */
export interface CrmProfileRow {
  readonly externalId: string;
  readonly revision: number;
  readonly profile: JsonObject;
}

/** Writes a profile unless a newer one stands; true where this one stands now, also when it did before. */
export async function putCrmProfile(db: Queryable, { externalId, revision, profile }: CrmProfileRow): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'crm.put',
    text: `INSERT INTO crm_profiles AS c (external_id, revision, profile) VALUES ($1, $2, $3)
           ON CONFLICT (external_id) DO UPDATE SET revision = excluded.revision, profile = excluded.profile, synced_at = now()
           WHERE c.revision <= excluded.revision`,
    values: [externalId, revision, toJsonText(profile)],
  });
  return rowCount === 1;
}
