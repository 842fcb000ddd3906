import type { Queryable } from './pool.ts';

/** What is stopped: new events of a source are kept unrouted (`hold`), or runs and actions wait (`pause`). */
export type Switch =
  | { readonly verb: 'hold'; readonly kind: 'all'; readonly name: '*' }
  | { readonly verb: 'hold'; readonly kind: 'source'; readonly name: string }
  | { readonly verb: 'pause'; readonly kind: 'source' | 'chain' | 'agent' | 'adapter'; readonly name: string };

/** A switch that is set, since when, by whom and why. */
export interface SetSwitch {
  readonly verb: Switch['verb'];
  readonly kind: Switch['kind'];
  readonly name: string;
  readonly since: Date;
  readonly by: string;
  readonly reason: string | null;
}

/** Sets a switch; false where it was set before: the first one's time and reason stand. */
export async function setSwitch(
  db: Queryable,
  { verb, kind, name }: Switch,
  { by, reason }: { readonly by: string; readonly reason: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'switches.set',
    text: 'INSERT INTO switches (verb, kind, name, by, reason) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    values: [verb, kind, name, by, reason],
  });
  return rowCount === 1;
}

/** Clears a switch; false where it was not set. */
export async function clearSwitch(db: Queryable, { verb, kind, name }: Switch): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'switches.clear',
    text: 'DELETE FROM switches WHERE verb = $1 AND kind = $2 AND name = $3',
    values: [verb, kind, name],
  });
  return rowCount === 1;
}

/** Every switch that is set, the oldest first. */
export async function listSwitches(db: Queryable): Promise<readonly SetSwitch[]> {
  const { rows } = await db.query<SetSwitch>({
    name: 'switches.list',
    text: 'SELECT verb, kind, name, since, by, reason FROM switches ORDER BY since, verb, kind, name',
  });
  return rows;
}
