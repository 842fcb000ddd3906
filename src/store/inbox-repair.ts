import type { EventMention } from './inbox-batch.ts';
import type { Queryable } from './pool.ts';
import { LEFT_TO_A_PERSON, REPAIRED } from './run-repair.ts';

/** What a duplicate has met. */
export interface Met {
  readonly eventUuid: string;
  readonly bodyDiffers: boolean;
  readonly repairing: boolean;
  readonly stopped: boolean;
}

// A second statement, since the first one's snapshot cannot see what another process committed meanwhile. Runs are locked in
// one order before any is changed; a run that another redelivery has just repaired is no longer `failed`, and is left alone.
const REPAIR = `
WITH asked AS (
  SELECT delivery_id, source, event_id, substring($4::bytea FROM (n::int - 1) * 32 + 1 FOR 32) AS body_sha256, n
  FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS t (delivery_id, source, event_id, n)
), met AS (
  SELECT a.n, a.delivery_id, e.uuid, e.body_sha256 <> a.body_sha256 AS body_differs
  FROM asked a JOIN events e ON e.source = a.source AND e.event_id = a.event_id
), failed AS (
  SELECT r.event_uuid, r.chain FROM runs r
  WHERE r.event_uuid IN (SELECT uuid FROM met) AND r.state = 'failed' AND coalesce(r.code, '') <> ALL ($5::text[])
  ORDER BY r.event_uuid, r.chain FOR UPDATE
), repaired AS (
  UPDATE runs r SET ${REPAIRED} FROM failed f WHERE r.event_uuid = f.event_uuid AND r.chain = f.chain RETURNING r.event_uuid
), marked AS (
  UPDATE deliveries d SET body_differs = true FROM met WHERE d.id = met.delivery_id AND met.body_differs
)
SELECT met.n::int, met.uuid, met.body_differs, met.uuid IN (SELECT event_uuid FROM repaired) AS repairing,
       EXISTS (SELECT FROM runs r WHERE r.event_uuid = met.uuid AND r.state = 'stopped') AS stopped
FROM met`;

/**
 * Reads the events that duplicates have met, marks deliveries whose bytes are not the first one's, and asks failed runs to
 * start again, save for those that a person must look at. In order of `mentions`; `undefined` where the event is gone.
 */
export async function repairBatch(db: Queryable, mentions: readonly EventMention[]): Promise<readonly (Met | undefined)[]> {
  const { rows } = await db.query<MetRow>({
    name: 'inbox.repair',
    text: REPAIR,
    values: [
      mentions.map(({ delivery }) => delivery.id),
      mentions.map(({ delivery }) => delivery.source),
      mentions.map(({ event }) => event.eventId),
      Buffer.concat(mentions.map(({ delivery }) => delivery.bodySha256)),
      LEFT_TO_A_PERSON,
    ],
  });
  const byIndex = new Map(rows.map((row) => [row.n - 1, row]));
  return mentions.map((_mention, index) => toMet(byIndex.get(index)));
}

interface MetRow {
  readonly n: number;
  readonly uuid: string;
  readonly body_differs: boolean;
  readonly repairing: boolean;
  readonly stopped: boolean;
}

function toMet(row: MetRow | undefined): Met | undefined {
  return row && { eventUuid: row.uuid, bodyDiffers: row.body_differs, repairing: row.repairing, stopped: row.stopped };
}
