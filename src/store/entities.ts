import type { JsonObject } from '../contracts/json.ts';
import type { EntityKey } from '../contracts/webhook.ts';
import type { Queryable } from './pool.ts';

/** An entity's state: its fields, and the version of the write that stands for each. */
export interface EntityState {
  readonly fields: JsonObject;
  readonly versions: JsonObject;
}

const NOTHING: EntityState = { fields: {}, versions: {} };

/** Reads an entity; one that nobody has written is empty. */
export async function readEntity(db: Queryable, { type, id }: EntityKey): Promise<EntityState> {
  const { rows } = await db.query<EntityState>({
    name: 'entities.read',
    text: 'SELECT fields, versions FROM entities WHERE type = $1 AND id = $2',
    values: [type, id],
  });
  return rows[0] ?? NOTHING;
}

/**
 * Changes an entity inside the caller's transaction: `merge` gets the state that stands, and no other transaction changes it
 * before this one ends. `merge` returns the new state, or `undefined` to leave all as it is; it may be called again with a
 * newer state, so it must be pure. Resolves to the state that stands then.
 */
export async function updateEntity(
  tx: Queryable,
  { type, id }: EntityKey,
  merge: (current: EntityState) => EntityState | undefined,
): Promise<EntityState> {
  for (;;) {
    const { rows } = await tx.query<EntityState>({
      name: 'entities.lock',
      text: 'SELECT fields, versions FROM entities WHERE type = $1 AND id = $2 FOR UPDATE',
      values: [type, id],
    });
    const current = rows[0] ?? NOTHING;
    const next = merge(current);
    if (next === undefined) return current;
    const { rowCount } = await tx.query({
      ...(rows[0] === undefined ? INSERT : UPDATE),
      values: [type, id, JSON.stringify(next.fields), JSON.stringify(next.versions)],
    });
    // no row: another transaction has made the entity since the first look; look again
    if (rowCount === 1) return next;
  }
}

const INSERT = {
  name: 'entities.insert',
  text: 'INSERT INTO entities (type, id, fields, versions) VALUES ($1, $2, $3, $4) ON CONFLICT (type, id) DO NOTHING',
} as const;

const UPDATE = {
  name: 'entities.update',
  text: 'UPDATE entities SET fields = $3, versions = $4, updated_at = now() WHERE type = $1 AND id = $2',
} as const;
