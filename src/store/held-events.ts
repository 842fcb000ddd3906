import type { ErrorCode } from '../contracts/errors.ts';
import type { InterpretedEvent } from '../contracts/inbox.ts';
import type { EventState } from '../contracts/webhook.ts';
import type { DeliveryRow } from './delivery-rows.ts';
import { NOT_ALL_HELD, notStopped } from './not-stopped.ts';
import type { Pool, Queryable, Session } from './pool.ts';
import { transaction } from './pool.ts';
import { toPostgresFailure } from './postgres-failure.ts';
import { rerouteEvents } from './reroute-events.ts';

/** A held event, and what it is read anew from. */
export interface HeldEvent {
  readonly uuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly receivedAt: Date;
  /** Of the delivery whose body counts. */
  readonly headers: DeliveryRow['headers'];
  /** Null where it is no longer kept. */
  readonly body: Uint8Array | null;
}

/** What a held event is found to be, or why that can no longer be told; the detail quotes no payload. */
export type HeldReading =
  | { readonly ok: true; readonly event: InterpretedEvent }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail: string };

/** Reads a held event anew. Must not throw. */
export type ReadHeld = (held: HeldEvent) => HeldReading;

/** What a held event has become. */
export interface ReleasedEvent {
  readonly uuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly state: EventState;
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  /** What PostgreSQL said of it, where it took all others of its batch. */
  readonly failure?: unknown;
}

/** Events that were released together. */
export interface ReleasedBatch {
  /** In order of receipt. */
  readonly released: readonly ReleasedEvent[];
  /** Where the next batch begins; null where there was nothing to release. */
  readonly last: string | null;
}

/** Before the first event. */
export const FIRST_EVENT = '00000000-0000-0000-0000-000000000000';

/** The most body bytes of a batch, save for one event that is larger by itself. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const HELD = `
SELECT e.uuid, e.source, e.event_id, e.received_at, e.state, e.delivery_id, d.headers, coalesce(d.body_bytes, 0) AS bytes,
       coalesce(array_position(d.event_ids, e.event_id), 0) AS position
FROM events e LEFT JOIN deliveries d ON d.id = e.delivery_id`;

// UUIDs begin with the time of receipt.
const TAKE = `${HELD}
WHERE e.state = 'held' AND e.uuid > $1
  AND ${NOT_ALL_HELD} AND ${notStopped({ verb: 'hold', kind: 'source' }, 'e.source')}
ORDER BY e.uuid LIMIT $2 FOR UPDATE OF e SKIP LOCKED`;

const TAKE_ONE = `${HELD} WHERE e.uuid = $1 FOR UPDATE OF e`;

interface HeldColumns {
  readonly uuid: string;
  readonly source: string;
  readonly event_id: string;
  readonly received_at: Date;
  readonly state: EventState;
  readonly delivery_id: string;
  readonly headers: DeliveryRow['headers'] | null;
  readonly bytes: number;
  readonly position: number;
}

interface Found {
  readonly held: HeldEvent;
  readonly reading: HeldReading;
}

/**
 * Takes held events that no hold covers any more, oldest receipt first, and writes what they are now; one transaction, so that an end
 * in the middle leaves all of them held. Several processes share the work: what one has taken, the others pass over. Whatever cannot
 * be read, or that PostgreSQL will not have, becomes `quarantined` with the reason: nothing is taken for ever.
 */
export function releaseHeld(
  pool: Pool,
  { after, limit, read }: { readonly after: string; readonly limit: number; readonly read: ReadHeld },
): Promise<ReleasedBatch> {
  return transaction(pool, async (tx) => {
    const { rows } = await tx.query<HeldColumns>({ name: 'held.take', text: TAKE, values: [after, limit] });
    const batch = withinBytes(rows);
    const found = (await withBodies(tx, batch)).map((held) => ({ held, reading: read(held) }));
    return { released: found.length === 0 ? [] : await writeAll(tx, found), last: batch.at(-1)?.uuid ?? null };
  });
}

/**
 * Takes one held event, whatever holds cover it, and writes what it is now; belongs into the caller's transaction. Where it is not
 * held, nothing happens, and its state is told; null where it is gone.
 */
export async function releaseHeldOne(
  tx: Queryable,
  { uuid, read }: { readonly uuid: string; readonly read: ReadHeld },
): Promise<ReleasedEvent | { readonly notHeld: EventState | null }> {
  const { rows } = await tx.query<HeldColumns>({ name: 'held.takeOne', text: TAKE_ONE, values: [uuid] });
  const [row] = rows;
  if (row?.state !== 'held') return { notHeld: row?.state ?? null };
  const [held] = await withBodies(tx, [row]);
  if (held === undefined) return { notHeld: null };
  const found = { held, reading: read(held) };
  await write(tx, [found]);
  return toReleased(found);
}

function withinBytes(rows: readonly HeldColumns[]): readonly HeldColumns[] {
  const deliveries = new Set<string>();
  let bytes = 0;
  const end = rows.findIndex((row) => {
    if (!deliveries.has(row.delivery_id)) bytes += row.bytes;
    deliveries.add(row.delivery_id);
    return bytes > MAX_BATCH_BYTES;
  });
  return end === -1 ? rows : rows.slice(0, Math.max(1, end));
}

/** In order of receipt: events of one delivery as they stood in it. */
async function withBodies(db: Queryable, rows: readonly HeldColumns[]): Promise<readonly HeldEvent[]> {
  if (rows.length === 0) return [];
  const { rows: bodies } = await db.query<{ readonly id: string; readonly body: Buffer | null }>({
    name: 'held.bodies',
    text: 'SELECT id, body FROM deliveries WHERE id = ANY ($1::uuid[])',
    values: [[...new Set(rows.map((row) => row.delivery_id))]],
  });
  const byId = new Map(bodies.map(({ id, body }) => [id, body]));
  return rows.toSorted(byReceipt).map((row) => ({
    uuid: row.uuid,
    source: row.source,
    eventId: row.event_id,
    receivedAt: row.received_at,
    headers: row.headers ?? [],
    body: byId.get(row.delivery_id) ?? null,
  }));
}

function byReceipt(a: HeldColumns, b: HeldColumns): number {
  if (a.delivery_id === b.delivery_id) return a.position - b.position;
  return a.received_at.getTime() - b.received_at.getTime() || (a.delivery_id < b.delivery_id ? -1 : 1);
}

/** All at once; where PostgreSQL refuses that for what is in it, one by one, and only the guilty one is quarantined. */
async function writeAll(tx: Session, found: readonly Found[]): Promise<readonly ReleasedEvent[]> {
  if ((await attempt(tx, found)).ok) return found.map(toReleased);
  const released: ReleasedEvent[] = [];
  for (const one of found) {
    const tried = await attempt(tx, [one]);
    if (tried.ok) released.push(toReleased(one));
    else {
      const refused: Found = { held: one.held, reading: { ok: false, code: 'bug.unexpected', detail: 'PostgreSQL refused it' } };
      await write(tx, [refused]);
      released.push({ ...toReleased(refused), failure: tried.failure });
    }
  }
  return released;
}

async function attempt(
  tx: Session,
  found: readonly Found[],
): Promise<{ readonly ok: true } | { readonly ok: false; readonly failure: unknown }> {
  await tx.run('SAVEPOINT attempt');
  try {
    await write(tx, found);
    await tx.run('RELEASE SAVEPOINT attempt');
    return { ok: true };
  } catch (failure) {
    if (toPostgresFailure(failure) !== 'data') throw failure;
    await tx.run('ROLLBACK TO SAVEPOINT attempt');
    return { ok: false, failure };
  }
}

async function write(db: Queryable, found: readonly Found[]): Promise<void> {
  const rereads = found.flatMap(({ held: { uuid }, reading }) => (reading.ok ? [{ uuid, event: reading.event }] : []));
  if (rereads.length > 0) await rerouteEvents(db, rereads);
  const refused = found.flatMap(({ held: { uuid }, reading }) => (reading.ok ? [] : [{ uuid, ...reading }]));
  if (refused.length > 0)
    await db.query({
      name: 'held.quarantine',
      text: `UPDATE events e SET state = 'quarantined', cause = t.cause, detail = t.detail
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (uuid, cause, detail) WHERE e.uuid = t.uuid AND e.state = 'held'`,
      values: [refused.map(({ uuid }) => uuid), refused.map(({ code }) => code), refused.map(({ detail }) => detail)],
    });
}

function toReleased({ held: { uuid, source, eventId }, reading }: Found): ReleasedEvent {
  const common = { uuid, source, eventId };
  if (!reading.ok) return { ...common, state: 'quarantined', code: reading.code, detail: reading.detail };
  const { state, code, detail } = reading.event;
  return { ...common, state, code, detail };
}
