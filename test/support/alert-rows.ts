import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../src/contracts/ids.ts';
import type { Pool } from '../../src/store/pool.ts';

/** A run as alerts look at it. */
export interface RunWish {
  readonly state?: string;
  readonly chain?: string;
  readonly source?: string;
  readonly eventId?: string;
  /** @default a customer's address, which no alert may tell */
  readonly data?: unknown;
}

/** Writes an event and its run, and gives the event's UUID. */
export async function addRun(
  pool: Pool,
  {
    state = 'failed',
    chain = 'new-order',
    source = 'shop',
    eventId = `evt_${randomBytes(4).toString('hex')}`,
    data = { email: 'canary@customer.example' },
  }: RunWish = {},
): Promise<string> {
  const uuid = uuidV7(Date.now());
  await pool.query({
    name: 'test.event',
    text: `INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, occurred_at, received_at, state, data, delivery_id, body_sha256)
           VALUES ($1, $2, $3, '', 'hookline', 'order.created', 'order.created', now(), now(), 'routed', $4, $1, '')`,
    values: [uuid, source, eventId, JSON.stringify(data)],
  });
  await pool.query({
    name: 'test.run',
    text: 'INSERT INTO runs (event_uuid, chain, workflow_id, ledger, state) VALUES ($1, $2, $3, $2, $4)',
    values: [uuid, chain, `${source}.${eventId}`, state],
  });
  return uuid;
}

/** Gives a run, or every run, another state. */
export async function setRuns(pool: Pool, state: string, eventUuid?: string): Promise<void> {
  const text = 'UPDATE runs SET state = $1 WHERE $2::uuid IS NULL OR event_uuid = $2';
  await pool.query({ name: 'test.setRuns', text, values: [state, eventUuid] });
}

/** Writes an effect of an event. */
export async function addEffect(pool: Pool, eventUuid: string, state = 'unknown', ledger = 'new-order'): Promise<void> {
  await pool.query({
    name: 'test.effect',
    text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id) VALUES ($1, $2, 'email.send', '0', 0, $3, 1, 'r')`,
    values: [eventUuid, ledger, state],
  });
}

/** Writes deliveries that came so long ago, all at once. */
export async function addDeliveries(
  pool: Pool,
  {
    count = 1,
    source = 'shop',
    outcome = 'accepted',
    cause = null,
    agoSeconds = 0,
  }: {
    readonly count?: number;
    readonly source?: string;
    readonly outcome?: string;
    readonly cause?: string | null;
    readonly agoSeconds?: number;
  },
): Promise<void> {
  const ids = Array.from({ length: count }, () => uuidV7(Date.now() - agoSeconds * 1_000));
  await pool.query({
    name: 'test.deliveries',
    text: `INSERT INTO deliveries (id, source, received_at, body_sha256, body_bytes, outcome, http_status, cause)
           SELECT id, $2, now() - $3 * interval '1 second', '', 0, $4, 200, $5 FROM unnest($1::uuid[]) AS t (id)`,
    values: [ids, source, agoSeconds, outcome, cause],
  });
}

/** Counts refusals of the minute that has begun so long ago. */
export async function countRefusals(
  pool: Pool,
  { count, cause, agoMinutes = 0 }: { readonly count: number; readonly cause: string; readonly agoMinutes?: number },
): Promise<void> {
  await pool.query({
    name: 'test.refusals',
    text: `INSERT INTO refusal_counters (source, cause, minute, count) VALUES ('shop', $1, date_trunc('minute', now()) - $2 * interval '1 minute', $3)`,
    values: [cause, agoMinutes, count],
  });
}

/** Takes away everything that alerts look at, and all that they know. */
export async function forgetAlerts(pool: Pool): Promise<void> {
  await pool.session((session) =>
    session.run(`TRUNCATE events, runs, effects, deliveries, refusal_counters, switches, chores,
      alerts, alert_tellings, alert_messages, alert_sources, alert_marks, alert_restarts, alert_stops`),
  );
}
