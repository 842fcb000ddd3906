import type { Database } from './databases.ts';

/** Rows of deliveries whose runs are done, each beside what Hookline keeps of one: ids of version 7, as if one a hundredth of a second had come. */
const STATEMENTS = (count: number): readonly string[] => [
  `CREATE UNLOGGED TABLE fill AS
   SELECT number, uuidv7(make_interval(secs => -number * 0.01)) AS delivery, uuidv7(make_interval(secs => -number * 0.01)) AS event,
     sha256(convert_to('fill' || number, 'UTF8')) AS hash, gen_random_uuid()::text AS id, now() - make_interval(secs => number * 0.01) AS at
   FROM generate_series(${count}, 1, -1) AS number`,
  `INSERT INTO deliveries (id, source, received_at, headers, body, body_sha256, body_bytes, outcome, http_status, event_ids, secret_index)
   SELECT f.delivery, d.source, f.at, d.headers, d.body, f.hash, d.body_bytes, 'accepted', 200, ARRAY[f.id], 0
   FROM fill f CROSS JOIN (SELECT * FROM deliveries WHERE outcome = 'accepted' LIMIT 1) d ORDER BY f.number DESC`,
  `INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at,
     state, data, delivery_id, body_sha256)
   SELECT f.event, e.source, f.id, f.id, e.provider, e.provider_type, e.type, e.entity_type, e.entity_id, f.at, f.at,
     'routed', e.data, f.delivery, f.hash
   FROM fill f CROSS JOIN (SELECT * FROM events WHERE state = 'routed' LIMIT 1) e ORDER BY f.number DESC`,
  `INSERT INTO signed_bodies (source, body_sha256, event_id, received_at) SELECT e.source, e.body_sha256, e.event_id, e.received_at
   FROM events e JOIN fill f ON f.event = e.uuid`,
  `INSERT INTO runs (event_uuid, chain, workflow_id, ledger, state, run_id, started_at, closed_at)
   SELECT f.event, r.chain, 'github.' || f.id, r.ledger, 'done', gen_random_uuid()::text, f.at, f.at
   FROM fill f CROSS JOIN (SELECT * FROM runs LIMIT 1) r ORDER BY f.number DESC`,
  'DROP TABLE fill',
  'ANALYZE',
  'CHECKPOINT',
];

/** Adds so many events like the one that a Hookline's database holds. */
export async function fillEvents(database: Database, count: number): Promise<void> {
  for (const statement of STATEMENTS(count)) await database.execute(statement);
}
