import { toEffectKey } from '../../src/activities/effect-key.ts';
import { repairRuns } from '../../src/store/runs.ts';
import { listSwitches } from '../../src/store/switches.ts';
import type { Pool } from '../../src/store/pool.ts';
import type { Facts, StoredEffect, StoredEntity, StoredEvent, StoredRun, StuckEvent, VendorEntry } from './facts.ts';
import { SKU, SOURCE } from './make-events.ts';
import { listOpenWorkflows } from './measure/list-open-workflows.ts';
import { readPages } from './measure/read-pages.ts';
import { OPEN } from './join-facts.ts';
import { INITIAL_STOCK, type DrillStack } from './start-stack.ts';
import type { Load } from './start-load.ts';

/** What facts are read from. */
export interface FactSources extends Pick<DrillStack, 'pool' | 'vendors'> {
  readonly fleet: Pick<DrillStack['fleet'], 'died'>;
  /** Who is asked what it still has open. @default nobody, and nothing is taken to be open */
  readonly temporal?: Pick<DrillStack['temporal'], 'address'>;
}

/** What a drill has written down itself. */
export interface NotedFacts extends Pick<Facts, 'faults' | 'wantsFaults' | 'samples'>, Partial<Pick<Facts, 'outages' | 'drain'>> {
  readonly load: Pick<Load, 'sent' | 'answers'>;
}

/** Reads what PostgreSQL, Temporal and the vendors hold, beside what the sender was told. */
export async function collectFacts(
  { pool, vendors, fleet, temporal }: FactSources,
  { load, outages = [], drain = null, ...noted }: NotedFacts,
): Promise<Facts> {
  const runs = await readRuns(pool);
  // after the rows: what closes meanwhile is open in none of the two
  const openRows = new Set(runs.filter(({ state }) => OPEN.has(state)).map(({ workflowId }) => workflowId));
  const openInTemporal = temporal === undefined ? [] : await listOpenWorkflows(temporal.address, openRows);
  // one after the other: whoever waits for a connection of the pool for 2 s is told that there is no PostgreSQL
  const events = await readEvents(pool);
  const effects = await readEffects(pool);
  const entities = await readEntities(pool);
  const analytics = await readAnalytics(pool);
  const holds = await readHolds(pool);
  const stock = await readStock(pool);
  const switches = await listSwitches(pool);
  const entries = await vendors.entries();
  return {
    ...noted,
    outages,
    drain,
    sent: load.sent,
    answers: load.answers,
    events,
    runs,
    openInTemporal,
    effects,
    entities,
    vendors: [...entries, ...analytics, ...holds],
    stock,
    switches: switches.map(({ verb, kind, name }) => `${verb} ${kind} ${name}`),
    died: fleet.died,
  };
}

/** How many runs are in one of these states; `undefined` where PostgreSQL does not say. */
export async function countRuns(pool: Pool, states: ReadonlySet<string>): Promise<number | undefined> {
  const counted = pool.query<{ readonly count: number }>({
    name: 'drill.count',
    text: 'SELECT count(*)::int AS count FROM runs WHERE state = ANY($1)',
    values: [[...states]],
  });
  return counted.then(
    ({ rows }) => rows[0]?.count,
    () => undefined,
  );
}

/** Events with a run that has failed and that its provider can repair by sending it again: an unknown effect waits for a person. */
export async function listRepairable(pool: Pool): Promise<readonly string[]> {
  const rows = await readPages<{ readonly id: string; readonly seq: string }>(pool, {
    name: 'drill.repairable',
    text: `SELECT e.provider_id AS id, r.seq FROM runs r JOIN events e ON e.uuid = r.event_uuid
           WHERE r.state = 'failed' AND r.code IS DISTINCT FROM 'effect.unknown' AND r.seq > $1 ORDER BY r.seq LIMIT $2`,
    before: [0],
    keyOf: ({ seq }) => [seq],
  });
  return rows.map(({ id }) => id);
}

/** How the run of each of these events stands now: its state, and its code where it has one. */
export async function readStates(pool: Pool, eventIds: readonly string[]): Promise<readonly StuckEvent[]> {
  const { rows } = await pool.query<StuckEvent>({
    name: 'drill.states',
    text: `SELECT e.provider_id AS "eventId", concat_ws(' ', r.state, r.code) AS state
           FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE e.source = $1 AND e.provider_id = ANY($2) ORDER BY r.seq`,
    values: [SOURCE, eventIds],
  });
  return rows;
}

/** Asks for each of these events what `hookline replay` asks for: their failed runs start again. */
export async function replayEvents(pool: Pool, eventIds: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ readonly uuid: string }>({
    name: 'drill.uuids',
    text: 'SELECT uuid FROM events WHERE source = $1 AND provider_id = ANY($2)',
    values: [SOURCE, eventIds],
  });
  for (const { uuid } of rows) await repairRuns(pool, { eventUuid: uuid, again: false });
}

async function readEvents(pool: Pool): Promise<readonly StoredEvent[]> {
  return readPages<StoredEvent>(pool, {
    name: 'drill.events',
    text: 'SELECT uuid, provider_id AS id, state, cause AS code FROM events WHERE source = $1 AND uuid > $2 ORDER BY uuid LIMIT $3',
    before: [SOURCE, NIL_UUID],
    keyOf: ({ uuid }) => [SOURCE, uuid],
  });
}

async function readRuns(pool: Pool): Promise<readonly StoredRun[]> {
  const rows = await readPages<StoredRun & { readonly seq: string }>(pool, {
    name: 'drill.runs',
    text: `SELECT event_uuid AS "eventUuid", chain, state, attempt, code, workflow_id AS "workflowId", seq,
                  ${toMs('started_at')} AS "startedAtMs", ${toMs('closed_at')} AS "closedAtMs"
           FROM runs WHERE seq > $1 ORDER BY seq LIMIT $2`,
    before: [0],
    keyOf: ({ seq }) => [seq],
  });
  return rows.map(({ seq: _seq, ...row }) => row);
}

async function readEffects(pool: Pool): Promise<readonly StoredEffect[]> {
  const rows = await readPages<Omit<StoredEffect, 'outsideKey'> & { readonly ledger: string; readonly key: string }>(pool, {
    name: 'drill.effects',
    text: `SELECT event_uuid AS "eventUuid", ledger, action, key, round, state FROM effects
           WHERE (event_uuid, ledger, action, key, round) > ($1, $2, $3, $4, $5) ORDER BY event_uuid, ledger, action, key, round LIMIT $6`,
    before: [NIL_UUID, '', '', '', 0],
    keyOf: ({ eventUuid, ledger, action, key, round }) => [eventUuid, ledger, action, key, round],
  });
  return rows.map(({ ledger, key, ...row }) => ({
    ...row,
    outsideKey: toEffectKey({ ...row, ledger, key, attempt: 1, eventId: '', source: SOURCE, occurredAt: '', test: false }, row.round),
  }));
}

async function readEntities(pool: Pool): Promise<readonly StoredEntity[]> {
  return readPages<StoredEntity>(pool, {
    name: 'drill.entities',
    text: 'SELECT type, id, fields FROM entities WHERE (type, id) > ($1, $2) ORDER BY type, id LIMIT $3',
    before: ['', ''],
    keyOf: ({ type, id }) => [type, id],
  });
}

async function readAnalytics(pool: Pool): Promise<readonly VendorEntry[]> {
  const rows = await readPages<{ readonly key: string; readonly about: string }>(pool, {
    name: 'drill.analytics',
    text: `SELECT key, name || ' ' || subject AS about FROM analytics WHERE key > $1 ORDER BY key LIMIT $2`,
    before: [''],
    keyOf: ({ key }) => [key],
  });
  // a key of several words is the fact's own, such as a ticket's, and stands in no ledger
  return rows.map(({ key, about }) => ({ ...OWN, vendor: 'analytics', key: /[ :]/.test(key) ? '' : key, about }));
}

async function readHolds(pool: Pool): Promise<readonly VendorEntry[]> {
  const rows = await readPages<{ readonly about: string; readonly sku: string; readonly whole: boolean }>(pool, {
    name: 'drill.holds',
    text: `SELECT order_id AS about, sku, held = wanted AS whole FROM reservations
           WHERE (order_id, sku) > ($1, $2) ORDER BY order_id, sku LIMIT $3`,
    before: ['', ''],
    keyOf: ({ about, sku }) => [about, sku],
  });
  return rows.map(({ about, whole }) => ({ ...OWN, vendor: 'stock', about, performed: whole, answer: whole ? 'ok' : 'short' }));
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

const NIL_UUID = '00000000-0000-0000-0000-000000000000';
/** What our own tables say of an effect: it is there. They tell no time. */
const OWN = { key: '', bodySha256: '', version: null, performed: true, answer: 'ok', atMs: null } as const;

function toMs(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}
