import { sha256, uuidV7 } from '../../src/contracts/ids.ts';
import type { EventState, RunState } from '../../src/contracts/webhook.ts';
import type { EffectState } from '../../src/store/ledger.ts';
import type { Pool } from '../../src/store/pool.ts';

/** A run of an event, and how many days ago it has ended. */
export interface OldRun {
  readonly state: RunState;
  readonly closedDays: number;
}

/** An effect, and how many days ago it was written last. */
export interface OldEffect {
  readonly state: EffectState;
  readonly days: number;
}

/** An event whose body stands in its delivery. */
export interface OldEvent {
  readonly state: EventState;
  readonly runs: readonly OldRun[];
  readonly effects: readonly OldEffect[];
}

/** A delivery of some days ago. */
export interface OldDelivery {
  readonly days: number;
  /** `own`: the events below stand in its body. `duplicate`: it names an event of the delivery before it. */
  readonly kind: 'own' | 'duplicate' | 'refused' | 'unverified';
  readonly events: readonly OldEvent[];
}

/** All rows of a test, the oldest first. */
export interface OldRows {
  readonly deliveries: readonly OldDelivery[];
  /** Effects whose events are gone: their ages. */
  readonly orphans: readonly OldEffect[];
  /** Ages in days, of rows of each table. */
  readonly bodyKeys: readonly number[];
  readonly refusalCounts: readonly number[];
  readonly audit: readonly number[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Nothing, for tests that are about one thing. */
export const noRows: OldRows = { deliveries: [], orphans: [], bodyKeys: [], refusalCounts: [], audit: [] };

/** An event that is done, and may leave when its age comes. */
export const doneEvent: OldEvent = { state: 'routed', runs: [{ state: 'done', closedDays: 3_000 }], effects: [] };

/** Empties the tables, and writes rows with ids and times of their ages. */
export async function writeOldRows(pool: Pool, rows: OldRows, now = Date.now()): Promise<void> {
  await pool.session((session) =>
    session.run('TRUNCATE deliveries, events, runs, effects, signed_bodies, refusal_counters, audit, chores CASCADE'),
  );
  const at = (days: number): string => new Date(now - days * DAY_MS).toISOString();
  const idOf = (days: number, name: string): string => uuidV7(Math.floor(now - days * DAY_MS), sha256(name).subarray(0, 10));
  const deliveries = rows.deliveries.map(({ days, kind, events }, index) => ({
    id: idOf(days, `delivery ${index}`),
    source: 'shop',
    received_at: at(days),
    remote_address: `${index}`, // a column that nothing here judges carries the position
    headers: [],
    body: kind === 'unverified' ? null : '\\x7b7d',
    body_sha256: '\\x00',
    body_bytes: 2,
    outcome: kind === 'own' ? 'accepted' : kind === 'duplicate' ? 'duplicate' : 'refused',
    http_status: 200,
    event_ids: kind === 'own' ? events.map((_event, at_) => `${index}-${at_}`) : kind === 'duplicate' ? [`${index - 1}-0`] : [],
    body_differs: false,
  }));
  const events = rows.deliveries.flatMap(({ days, events: own }, index) =>
    own.map(({ state }, position) => ({
      uuid: idOf(days, `event ${index}.${position}`),
      source: 'shop',
      event_id: `${index}-${position}`,
      provider_id: `${index}.${position}`,
      provider: 'hookline',
      provider_type: 'order.created',
      type: 'order.created',
      occurred_at: at(days),
      received_at: at(days),
      test: false,
      state,
      data: { number: '1' },
      schema_version: 1,
      delivery_id: deliveries[index]?.id,
      body_sha256: '\\x00',
    })),
  );
  const uuidOf = (index: number, position: number): string | undefined =>
    events.find(({ provider_id: id }) => id === `${index}.${position}`)?.uuid;
  const runs = rows.deliveries.flatMap(({ events: own }, index) =>
    own.flatMap(({ runs: ofEvent }, position) =>
      ofEvent.map(({ state, closedDays }, number) => ({
        event_uuid: uuidOf(index, position),
        chain: `chain-${number}`,
        workflow_id: `${index}.${position}.${number}`,
        ledger: 'l',
        state,
        attempt: 1,
        round: 0,
        restarts: 0,
        due_at: at(closedDays),
        tries: 0,
        closed_at: state === 'done' || state === 'failed' || state === 'stopped' ? at(closedDays) : null,
        checks: 0,
      })),
    ),
  );
  const effect = (uuid: string | undefined, name: string, { state, days }: OldEffect) => ({
    event_uuid: uuid,
    ledger: 'l',
    action: 'email.send',
    key: name,
    round: 0,
    state,
    attempt: 1,
    run_id: 'r',
    sends: 1,
    intended_at: at(days),
    updated_at: at(days),
    dry: false,
  });
  const effects = [
    ...rows.deliveries.flatMap(({ events: own }, index) =>
      own.flatMap(({ effects: ofEvent }, position) =>
        ofEvent.map((one, number) => effect(uuidOf(index, position), `${index}.${position}.${number}`, one)),
      ),
    ),
    ...rows.orphans.map((one, index) => effect(idOf(one.days + 1, `orphan ${index}`), `orphan ${index}`, one)),
  ];
  await insert(pool, 'deliveries', deliveries);
  await insert(pool, 'events', events);
  await insert(pool, 'runs', runs);
  await insert(pool, 'effects', effects);
  const keys = rows.bodyKeys.map((days, index) => ({
    source: 'shop',
    body_sha256: `\\x${sha256(`${index}`).toString('hex')}`,
    event_id: `${index}`,
    received_at: at(days),
  }));
  await insert(pool, 'signed_bodies', keys);
  const counts = rows.refusalCounts.map((days, index) => ({ source: 'shop', cause: `${index}`, minute: at(days), count: 1 }));
  await insert(pool, 'refusal_counters', counts);
  const audit = rows.audit.map((days, index) => ({
    id: idOf(days, `audit ${index}`),
    at: at(days),
    actor: 'local',
    role: 'admin',
    action: 'event.replay',
    target: `${index}`,
    detail: {},
  }));
  await insert(pool, 'audit', audit);
}

async function insert(pool: Pool, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first).join(', ');
  await pool.query({
    name: `test.insert.${table}`,
    text: `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
    values: [JSON.stringify(rows)],
  });
}
