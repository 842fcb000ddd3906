import type { Queryable } from './pool.ts';

const STOPS = `
INSERT INTO alert_stops (kind, name, seen_at) SELECT DISTINCT kind, name, now() FROM switches
ON CONFLICT (kind, name) DO UPDATE SET seen_at = excluded.seen_at`;

/** Remembers that what is stopped on purpose now was seen to be so now. */
export async function noteStops(tx: Queryable): Promise<void> {
  await tx.query({ name: 'alerts.stops', text: STOPS });
}

/** Forgets what has not been stopped for so many seconds. */
export async function forgetStops(tx: Queryable, { seconds }: { readonly seconds: number }): Promise<void> {
  const text = `DELETE FROM alert_stops WHERE seen_at < now() - $1 * interval '1 second'`;
  await tx.query({ name: 'alerts.forgetStops', text, values: [seconds] });
}

/** SQL that is true of a run `r` of which nothing that keeps it from being started has been stopped on purpose since a time. */
export function unstoppedSince(time: string): string {
  // in the words of `notStopped`, whose comment says why
  const unnamed = (kind: 'source' | 'chain', name: string): string =>
    `CASE WHEN ${name} = ANY (ARRAY(SELECT name FROM alert_stops WHERE kind = '${kind}' AND seen_at >= ${time})) THEN NULL ELSE true END IS NOT NULL`;
  return [noneSince(['all'], time), unnamed('source', SOURCE), unnamed('chain', 'r.chain')].join(' AND ');
}

/** SQL that is true where nothing of such kinds has been stopped on purpose since a time. */
export function noneSince(kinds: readonly ('all' | 'agent' | 'adapter')[], time: string): string {
  return `NOT EXISTS (SELECT FROM alert_stops WHERE kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) AND seen_at >= ${time})`;
}

const SOURCE = `split_part(r.workflow_id, '.', 1)`; // no part of it holds a dot
