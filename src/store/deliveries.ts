import type { DeliveryOutcome } from '../contracts/webhook.ts';
import { DELIVERY, toDeliveryRow } from './delivery-rows.ts';
import type { DeliveryColumns, DeliveryRow } from './delivery-rows.ts';
import type { Pool } from './pool.ts';
import { toFirstUuid, toUuidRange } from './uuid-range.ts';

export type { DeliveryRow } from './delivery-rows.ts';

/** What a list of deliveries is narrowed to. */
export interface DeliveryFilter {
  readonly source?: string | undefined;
  readonly outcome?: DeliveryOutcome | undefined;
  /** Received at or after. */
  readonly since?: Date | undefined;
  /** Id of the last delivery of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Refusals above the cap, which have no rows of their own. */
export interface RefusalCount {
  readonly source: string;
  readonly code: string;
  readonly minute: Date;
  readonly count: number;
}

/** Deliveries as people look for them. */
export interface Deliveries {
  /** The newest first. */
  list(filter: DeliveryFilter): Promise<readonly DeliveryRow[]>;
  /** By id or the beginning of it (8 characters or more): at most 20, the newest first. */
  find(text: string): Promise<readonly DeliveryRow[]>;
  /** The bytes as they came; `undefined` where there is no such delivery, or nothing of it was kept. */
  body(id: string): Promise<Buffer | undefined>;
  /** Refusals that were only counted, the newest minute first, at most 1,000 rows. */
  refusalCounts(filter: { readonly source?: string | undefined; readonly since?: Date | undefined }): Promise<readonly RefusalCount[]>;
}

const LIST = `
SELECT ${DELIVERY} FROM deliveries
WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR outcome = $2) AND ($3::uuid IS NULL OR id >= $3) AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5`;

const COUNTS = `
SELECT source, cause, minute, count::float8 AS count FROM refusal_counters
WHERE ($1::text IS NULL OR source = $1) AND ($2::timestamptz IS NULL OR minute >= date_trunc('minute', $2::timestamptz))
ORDER BY minute DESC, source, cause LIMIT 1000`;

/** Makes the statements on deliveries. */
export function createDeliveries({ pool }: { readonly pool: Pool }): Deliveries {
  return {
    list: async ({ source, outcome, since, before, limit }) => {
      const values = [source, outcome, since && toFirstUuid(since), before, limit];
      return (await pool.query<DeliveryColumns>({ name: 'deliveries.list', text: LIST, values })).rows.map(toDeliveryRow);
    },
    find: async (text) => {
      const range = toUuidRange(text);
      if (range === undefined) return [];
      const sql = `SELECT ${DELIVERY} FROM deliveries WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT 20`;
      return (await pool.query<DeliveryColumns>({ name: 'deliveries.find', text: sql, values: range })).rows.map(toDeliveryRow);
    },
    body: async (id) => {
      const { rows } = await pool.query<{ readonly body: Buffer | null }>({
        name: 'deliveries.body',
        text: 'SELECT body FROM deliveries WHERE id = $1',
        values: [id],
      });
      return rows[0]?.body ?? undefined;
    },
    refusalCounts: async ({ source, since }) => {
      const { rows } = await pool.query<Omit<RefusalCount, 'code'> & { readonly cause: string }>({
        name: 'deliveries.refusalCounts',
        text: COUNTS,
        values: [source, since],
      });
      return rows.map(({ cause, ...row }) => ({ ...row, code: cause }));
    },
  };
}
