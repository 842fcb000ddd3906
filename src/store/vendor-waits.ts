import type { Queryable } from './pool.ts';
import type { AdapterName } from './stops.ts';

/** A vendor that has asked to be left alone for a while, as its adapter is called. */
export interface VendorWait {
  readonly adapter: string;
  /** No worker asks it anything before. */
  readonly until: Date;
  /** When it had asked first, of the times that overlap. */
  readonly since: Date;
}

/** What keeps an effect from going out now: its vendor's wish, by PostgreSQL's clock. */
export interface OpenWait {
  readonly adapter: AdapterName;
  readonly until: Date;
  readonly leftMs: number;
}

/** Columns of `toWaitQuery`; all of them null where the vendor may be asked. */
export interface WaitColumns {
  readonly wait_until: Date | null;
  readonly wait_ms: number | null;
}

/** At most one row: the wait of the adapter that is parameter `at` of the statement, for a CTE. */
export function toWaitQuery(at: number): string {
  return `SELECT until AS wait_until, extract(epoch FROM until - now())::float8 * 1000 AS wait_ms FROM vendor_waits
  WHERE adapter = $${at}::text AND until > now()`;
}

/** Makes an open wait of its columns. */
export function toOpenWait(adapter: AdapterName | undefined, { wait_until: until, wait_ms: leftMs }: WaitColumns): OpenWait | undefined {
  return adapter === undefined || until === null || leftMs === null ? undefined : { adapter, until, leftMs };
}

/** Parts of a statement that keeps a wait: of several wishes the one that lasts longest counts. */
export const KEEP_WAIT = `
INSERT INTO vendor_waits AS w (adapter, until, since) SELECT wish.adapter, now() + wish.ms * interval '1 millisecond', now() FROM wish
ON CONFLICT (adapter) DO UPDATE SET until = greatest(w.until, excluded.until), since = CASE WHEN w.until > now() THEN w.since ELSE excluded.since END`;

/** Every vendor that must not be asked now, by name. */
export async function listVendorWaits(db: Queryable): Promise<readonly VendorWait[]> {
  const text = 'SELECT adapter, until, since FROM vendor_waits WHERE until > now() ORDER BY adapter COLLATE "C"';
  return (await db.query<VendorWait>({ name: 'vendorWaits.list', text })).rows;
}

/** Ends a vendor's wait before its time; the wait as it was, `undefined` where there was none. */
export async function clearVendorWait(db: Queryable, adapter: string): Promise<VendorWait | undefined> {
  const text = 'DELETE FROM vendor_waits WHERE adapter = $1 AND until > now() RETURNING adapter, until, since';
  return (await db.query<VendorWait>({ name: 'vendorWaits.clear', text, values: [adapter] })).rows[0];
}
