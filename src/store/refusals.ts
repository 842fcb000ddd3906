import type { Refusal } from '../contracts/inbox.ts';
import type { Log } from '../contracts/names.ts';
import { toOffsets, toTimestamp } from './columns.ts';
import { createGroupCommit } from './group-commit.ts';
import type { Pool } from './pool.ts';
import { createRefusalCounters } from './refusal-counters.ts';

/** Where refusals become rows, apart from the inbox, so that unsigned traffic can never slow signed traffic. */
export interface Refusals {
  /** Of a sender that is not verified: never waits, never throws; above the cap, or when rows cannot be written, it is only counted. */
  record(refusal: Refusal): void;
  /** Of a signed but malformed delivery: resolves after the commit; rejects with `inbox.unavailable` or `inbox.full`. */
  recordVerified(refusal: Refusal): Promise<void>;
  /** Takes nothing more, and resolves once all rows and counts are written, or have failed to be. */
  close(): Promise<void>;
}

/** Options of `createRefusals`. */
export interface RefusalsOptions {
  /** One of its own, of one connection, keeps it out of the inbox's way. */
  readonly pool: Pool;
  readonly log: Log;
  readonly now: () => Date;
  /** Rows of unverified senders a second, for each source. @default 20 */
  readonly perSecond?: number | undefined;
  /** @default 2,000 refusals */
  readonly maxWaiting?: number | undefined;
}

const MIB = 1024 * 1024;
const ROW_BYTES = 512; // what a refusal weighs beside its body

const INSERT = `
INSERT INTO deliveries (id, source, received_at, remote_address, headers, body, body_sha256, body_bytes, outcome, http_status, cause, detail)
SELECT t.id, t.source, t.received_at, t.remote_address, t.headers, CASE WHEN t.kept THEN substring($12::bytea FROM t.body_from FOR t.body_bytes) END,
       substring($13::bytea FROM (t.n::int - 1) * 32 + 1 FOR 32), t.body_bytes, 'refused', t.http_status, t.cause, t.detail
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::json[], $6::boolean[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[])
  WITH ORDINALITY AS t (id, source, received_at, remote_address, headers, kept, body_from, body_bytes, http_status, cause, detail, n)`;

/** Makes the writer of refusals: one statement under way at a time. */
export function createRefusals({ pool, log, now, perSecond = 20, maxWaiting = 2_000 }: RefusalsOptions): Refusals {
  const counters = createRefusalCounters({ pool, log });
  const allow = createCap({ now, perSecond });
  const rows = createGroupCommit<Refusal, undefined>({
    write: async (refusals) => {
      await pool.query({ name: 'refusals.insert', text: INSERT, values: toColumns(refusals) });
      return refusals.map(() => ({ status: 'fulfilled', value: undefined }));
    },
    sizeBytes: ({ body }) => (body?.length ?? 0) + ROW_BYTES,
    limits: { maxBatch: 256, maxBatchBytes: 8 * MIB, maxWaiting, maxWaitingBytes: 32 * MIB, maxInFlight: 1, maxWaitMs: 5_000 },
    onWritten: (failure) =>
      failure === undefined || log.warn({ component: 'refusals', count: rows.waiting(), err: failure }, 'refusals could not be written'),
  });
  return {
    record(refusal) {
      if (allow(refusal.source)) rows.add(refusal).catch(() => counters.raise(refusal));
      else counters.raise(refusal);
    },
    async recordVerified(refusal) {
      await rows.add(refusal);
    },
    async close() {
      await rows.close();
      await counters.close();
    },
  };
}

/** Allows so many a second for each source; the sources are those of the settings, so the map stays small. */
function createCap({ now, perSecond }: { readonly now: () => Date; readonly perSecond: number }): (source: string) => boolean {
  let second = 0;
  const used = new Map<string, number>();
  return (source) => {
    const current = Math.floor(now().getTime() / 1_000);
    if (current !== second) used.clear();
    second = current;
    const count = (used.get(source) ?? 0) + 1;
    used.set(source, count);
    return count <= perSecond;
  };
}

function toColumns(refusals: readonly Refusal[]): readonly unknown[] {
  const bodies = refusals.map(({ body }) => body ?? new Uint8Array());
  return [
    refusals.map(({ id }) => id),
    refusals.map(({ source }) => source),
    refusals.map(({ receivedAt }) => toTimestamp(receivedAt)),
    refusals.map(({ remoteAddress }) => remoteAddress),
    refusals.map(({ headers }) => JSON.stringify(headers)),
    refusals.map(({ body }) => body !== null),
    toOffsets(bodies.map(({ length }) => length)),
    refusals.map(({ bodyBytes }) => bodyBytes),
    refusals.map(({ httpStatus }) => httpStatus),
    refusals.map(({ code }) => code),
    refusals.map(({ detail }) => detail),
    Buffer.concat(bodies),
    Buffer.concat(refusals.map(({ bodySha256 }) => bodySha256)),
  ];
}
