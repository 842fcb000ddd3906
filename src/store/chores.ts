import type { Queryable } from './pool.ts';

/** Something that only one process should do at a time. */
export interface ChoreWish {
  /** `alerts`, `retention`. */
  readonly name: string;
  /** This process: a UUID. */
  readonly owner: string;
  /** From now on, by PostgreSQL's clock, in milliseconds. */
  readonly leaseMs: number;
}

/** Takes a chore for a while, or keeps it for longer; true where this process has it, by PostgreSQL's clock. */
export async function holdChore(db: Queryable, { name, owner, leaseMs }: ChoreWish): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'chores.hold',
    text: `INSERT INTO chores AS c (name, owner, until) VALUES ($1, $2, now() + $3 * interval '1 millisecond')
           ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
           WHERE c.owner = excluded.owner OR c.until <= now()`,
    values: [name, owner, leaseMs],
  });
  return rowCount === 1;
}

/** Gives a chore back, so that another process need not wait for the end of the lease. */
export async function dropChore(db: Queryable, { name, owner }: Omit<ChoreWish, 'leaseMs'>): Promise<void> {
  await db.query({ name: 'chores.drop', text: 'DELETE FROM chores WHERE name = $1 AND owner = $2', values: [name, owner] });
}
