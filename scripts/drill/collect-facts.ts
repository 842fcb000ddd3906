import { toEffectKey } from '../../src/activities/effect-key.ts';
import { listSwitches } from '../../src/store/switches.ts';
import type { Pool } from '../../src/store/pool.ts';
import type { Facts, StoredEffect, StoredEntity, StoredEvent, StoredRun, VendorEntry } from './facts.ts';
import { SKU, SOURCE } from './make-events.ts';
import { INITIAL_STOCK, type DrillStack } from './start-stack.ts';
import type { Load } from './start-load.ts';

/** Reads what PostgreSQL and the vendors hold, beside what the sender was told. */
export async function collectFacts(
  { pool, vendors, fleet }: Pick<DrillStack, 'pool' | 'vendors' | 'fleet'>,
  {
    load,
    faults,
    wantsFaults,
    samples,
  }: Pick<Facts, 'faults' | 'wantsFaults' | 'samples'> & { readonly load: Pick<Load, 'sent' | 'answers'> },
): Promise<Facts> {
  const [events, runs, effects, entities, analytics, holds, stock, switches, entries] = await Promise.all([
    readEvents(pool),
    readRuns(pool),
    readEffects(pool),
    readEntities(pool),
    readAnalytics(pool),
    readHolds(pool),
    readStock(pool),
    listSwitches(pool),
    vendors.entries(),
  ]);
  return {
    faults,
    wantsFaults,
    sent: load.sent,
    answers: load.answers,
    events,
    runs,
    effects,
    entities,
    vendors: [...entries, ...analytics, ...holds],
    stock,
    switches: switches.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`),
    samples,
    died: fleet.died,
  };
}

/** How many runs are neither done nor given up; `undefined` where PostgreSQL does not say. */
export async function countOpenRuns(pool: Pool): Promise<number | undefined> {
  const counted = pool.query<{ readonly count: number }>({
    name: 'drill.open',
    text: `SELECT count(*)::int AS count FROM runs WHERE state IN ('pending', 'started', 'repair_requested')`,
  });
  return counted.then(
    ({ rows }) => rows[0]?.count,
    () => undefined,
  );
}

/** Events with a run that has failed and that its provider can repair by sending it again: an unknown effect waits for a person. */
export async function listRepairable(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ readonly id: string }>({
    name: 'drill.repairable',
    text: `SELECT e.provider_id AS id FROM runs r JOIN events e ON e.uuid = r.event_uuid
           WHERE r.state = 'failed' AND r.code IS DISTINCT FROM 'effect.unknown' ORDER BY r.seq`,
  });
  return rows.map(({ id }) => id);
}

async function readEvents(pool: Pool): Promise<readonly StoredEvent[]> {
  const { rows } = await pool.query<StoredEvent>({
    name: 'drill.events',
    text: 'SELECT uuid, provider_id AS id, state, cause AS code FROM events WHERE source = $1 ORDER BY uuid',
    values: [SOURCE],
  });
  return rows;
}

async function readRuns(pool: Pool): Promise<readonly StoredRun[]> {
  const { rows } = await pool.query<StoredRun>({
    name: 'drill.runs',
    text: 'SELECT event_uuid AS "eventUuid", chain, state, attempt, code FROM runs ORDER BY seq',
  });
  return rows;
}

async function readEffects(pool: Pool): Promise<readonly StoredEffect[]> {
  const { rows } = await pool.query<Omit<StoredEffect, 'outsideKey'> & { readonly ledger: string; readonly key: string }>({
    name: 'drill.effects',
    text: 'SELECT event_uuid AS "eventUuid", ledger, action, key, round, state FROM effects ORDER BY intended_at, action',
  });
  return rows.map(({ ledger, key, ...row }) => ({
    ...row,
    outsideKey: toEffectKey({ ...row, ledger, key, attempt: 1, eventId: '', source: SOURCE, occurredAt: '', test: false }, row.round),
  }));
}

async function readEntities(pool: Pool): Promise<readonly StoredEntity[]> {
  const { rows } = await pool.query<StoredEntity>({
    name: 'drill.entities',
    text: 'SELECT type, id, fields FROM entities ORDER BY type, id',
  });
  return rows;
}

async function readAnalytics(pool: Pool): Promise<readonly VendorEntry[]> {
  const { rows } = await pool.query<{ readonly key: string; readonly about: string }>({
    name: 'drill.analytics',
    // a key of several words is the fact's own, such as a ticket's, and stands in no ledger
    text: `SELECT CASE WHEN key ~ '[ :]' THEN '' ELSE key END AS key, name || ' ' || subject AS about FROM analytics ORDER BY analytics.key`,
  });
  return rows.map((row) => ({ ...row, vendor: 'analytics', bodySha256: '', version: null, performed: true, answer: 'ok' }));
}

async function readHolds(pool: Pool): Promise<readonly VendorEntry[]> {
  const { rows } = await pool.query<{ readonly about: string; readonly whole: boolean }>({
    name: 'drill.holds',
    text: 'SELECT order_id AS about, held = wanted AS whole FROM reservations ORDER BY order_id',
  });
  return rows.map(({ about, whole }) => ({
    vendor: 'stock',
    key: '',
    about,
    bodySha256: '',
    version: null,
    performed: whole,
    answer: whole ? 'ok' : 'short',
  }));
}

async function readStock(pool: Pool): Promise<Facts['stock']> {
  const { rows } = await pool.query<{ readonly available: number; readonly held: number }>({
    name: 'drill.stock',
    text: `SELECT coalesce((SELECT available FROM stock WHERE sku = $1), 0) AS available,
                  coalesce((SELECT sum(held)::int FROM reservations WHERE sku = $1), 0) AS held`,
    values: [SKU],
  });
  return { initial: INITIAL_STOCK, available: rows[0]?.available ?? 0, held: rows[0]?.held ?? 0 };
}
