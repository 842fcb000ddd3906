-- Every statement that the version of schema 4 had prepared while its demonstration was played, as it had recorded them itself. Never edited.

-- name: agentTables.analytics
SELECT key, name, subject, value::float8 AS value, currency, occurred_at AS "occurredAt" FROM analytics
                 ORDER BY occurred_at DESC, key LIMIT 1000

-- name: agentTables.crmProfiles
SELECT external_id AS "externalId", revision, profile FROM crm_profiles ORDER BY external_id COLLATE "C" LIMIT 1000

-- name: agentTables.entities
SELECT id, fields FROM entities WHERE type = $1 ORDER BY id COLLATE "C" LIMIT 1000

-- name: analytics.record
INSERT INTO analytics (key, name, subject, value, currency, occurred_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING

-- name: backlog.check
SELECT pg_is_in_recovery() AS standby

-- name: crm.put
INSERT INTO crm_profiles AS c (external_id, revision, profile) VALUES ($1, $2, $3)
           ON CONFLICT (external_id) DO UPDATE SET revision = excluded.revision, profile = excluded.profile, synced_at = now()
           WHERE c.revision <= excluded.revision

-- name: customers.raise
INSERT INTO customer_revisions AS c (id, revision) VALUES ($1, 1)
           ON CONFLICT (id) DO UPDATE SET revision = c.revision + 1 RETURNING revision

-- name: customers.revision
SELECT revision FROM customer_revisions WHERE id = $1

-- name: deliveries.list
SELECT id, source, received_at, remote_address, headers, body_sha256, body_bytes, outcome, http_status, cause, detail, event_ids, secret_index, body_differs FROM deliveries
WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR outcome = $2) AND ($3::uuid IS NULL OR id >= $3) AND ($4::uuid IS NULL OR id < $4)
ORDER BY id DESC LIMIT $5

-- name: entities.insert
INSERT INTO entities (type, id, fields, versions) VALUES ($1, $2, $3, $4) ON CONFLICT (type, id) DO NOTHING

-- name: entities.lock
SELECT fields, versions FROM entities WHERE type = $1 AND id = $2 FOR UPDATE

-- name: entities.update
UPDATE entities SET fields = $3, versions = $4, updated_at = now() WHERE type = $1 AND id = $2

-- name: events.data
SELECT type, entity_id AS "entityId", data FROM events WHERE uuid = $1

-- name: events.deliveries
SELECT id, source, received_at, remote_address, headers, body_sha256, body_bytes, outcome, http_status, cause, detail, event_ids, secret_index, body_differs FROM deliveries WHERE event_ids @> ARRAY[$2] AND source = $1 ORDER BY id LIMIT 100

-- name: events.effects
SELECT ledger, action, key, round, state, attempt, sends, detail, result, intended_at, updated_at
                FROM effects WHERE event_uuid = $1 ORDER BY intended_at, ledger, action, key, round

-- name: events.find
SELECT e.uuid, e.source, e.event_id, e.provider_type, e.type, e.entity_type, e.entity_id, e.received_at, e.test, e.state, e.cause, e.detail,
       coalesce((SELECT json_agg(json_build_object('chain', r.chain, 'state', r.state, 'attempt', r.attempt, 'code', r.code, 'workflowId', r.workflow_id)
                 ORDER BY r.chain) FROM runs r WHERE r.event_uuid = e.uuid), '[]') AS runs
FROM events e
WHERE e.event_id = ANY ($1::text[]) OR e.uuid BETWEEN $2 AND $3
ORDER BY e.uuid DESC LIMIT 20

-- name: events.get
SELECT uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at, test, state, cause, detail,
       data, delivery_id, same_body_as FROM events WHERE uuid = $1

-- name: inbox.insert
WITH d AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::json[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[])
    WITH ORDINALITY AS t (id, source, provider, received_at, remote_address, headers, body_from, body_bytes, secret_index, cause, detail, n)
), same AS (SELECT NULL::int AS delivery, NULL::boolean AS refuse, NULL::text AS same_as WHERE false), added AS (
  INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at,
                      test, state, cause, detail, data, delivery_id, body_sha256, same_body_as)
  SELECT e.uuid, d.source, e.event_id, e.provider_id, d.provider, e.provider_type, e.type, e.entity_type, e.entity_id, e.occurred_at, d.received_at,
         e.test, e.state, e.cause, e.detail, e.data, d.id, substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), same.same_as
  FROM unnest($14::int[], $15::uuid[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[],
              $23::boolean[], $24::text[], $25::text[], $26::text[], $27::json[])
    AS e (delivery, uuid, event_id, provider_id, provider_type, type, entity_type, entity_id, occurred_at, test, state, cause, detail, data)
  JOIN d ON d.n = e.delivery LEFT JOIN same ON same.delivery = e.delivery
  WHERE NOT coalesce(same.refuse, false)
  ORDER BY d.source COLLATE "C", e.event_id COLLATE "C"
  ON CONFLICT (source, event_id) DO NOTHING
  RETURNING uuid, state
), ran AS (
  INSERT INTO runs (event_uuid, chain, workflow_id, ledger)
  SELECT r.event_uuid, r.chain, r.workflow_id, r.ledger
  FROM unnest($28::uuid[], $29::text[], $30::text[], $31::text[]) WITH ORDINALITY AS r (event_uuid, chain, workflow_id, ledger, n)
  WHERE r.event_uuid IN (SELECT uuid FROM added)
  ORDER BY r.n
), judged AS (
  SELECT m.delivery, array_agg(m.event_id ORDER BY m.n) AS event_ids,
         min(CASE a.state WHEN 'routed' THEN 1 WHEN 'quarantined' THEN 2 WHEN 'held' THEN 3 WHEN 'ignored' THEN 4 ELSE 5 END) AS rank
  FROM unnest($32::int[], $33::text[], $34::uuid[]) WITH ORDINALITY AS m (delivery, event_id, uuid, n)
  LEFT JOIN added a ON a.uuid = m.uuid
  GROUP BY m.delivery
), kept AS (
  INSERT INTO deliveries (id, source, received_at, remote_address, headers, body, body_sha256, body_bytes, outcome, http_status, cause, detail,
                          event_ids, secret_index)
  SELECT d.id, d.source, d.received_at, d.remote_address, d.headers, substring($12::bytea FROM d.body_from FOR d.body_bytes),
         substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), d.body_bytes,
         CASE WHEN same.refuse THEN 'refused' ELSE (ARRAY['accepted', 'quarantined', 'held', 'ignored', 'duplicate'])[j.rank] END,
         CASE WHEN same.refuse THEN 400 ELSE 200 END,
         CASE WHEN same.refuse THEN 'event.bodyReplayed' WHEN j.rank = 2 THEN d.cause WHEN same.delivery IS NOT NULL THEN 'event.sameBody' END,
         CASE WHEN j.rank = 2 AND NOT coalesce(same.refuse, false) THEN d.detail
              WHEN same.delivery IS NOT NULL THEN 'the body is that of event ' || same.same_as END,
         j.event_ids, d.secret_index
  FROM d JOIN judged j ON j.delivery = d.n LEFT JOIN same ON same.delivery = d.n
)
SELECT coalesce(string_agg(uuid::text, ','), '') AS added,
       (SELECT coalesce(string_agg(delivery || ':' || same_as, ','), '') FROM same) AS same
FROM added

-- name: inbox.insertGuarded
WITH d AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::json[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[])
    WITH ORDINALITY AS t (id, source, provider, received_at, remote_address, headers, body_from, body_bytes, secret_index, cause, detail, n)
), claimed AS (
  INSERT INTO signed_bodies AS b (source, body_sha256, event_id, received_at)
  SELECT d.source, substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32) AS body_sha256, c.event_id, d.received_at
  FROM unnest($35::int[], $36::text[]) AS c (delivery, event_id) JOIN d ON d.n = c.delivery
  ORDER BY d.source COLLATE "C", body_sha256
  ON CONFLICT (source, body_sha256) DO UPDATE SET
    event_id = CASE WHEN b.received_at < excluded.received_at - interval '90 days' THEN excluded.event_id ELSE b.event_id END,
    received_at = CASE WHEN b.received_at < excluded.received_at - interval '90 days' THEN excluded.received_at ELSE b.received_at END
  RETURNING source, body_sha256, event_id
), same AS (
  SELECT g.delivery, g.refuse, c.event_id AS same_as
  FROM unnest($37::int[], $38::text[], $39::boolean[]) AS g (delivery, event_id, refuse)
  JOIN d ON d.n = g.delivery
  JOIN claimed c ON c.source = d.source AND c.body_sha256 = substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32)
  WHERE c.event_id <> g.event_id
), added AS (
  INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at,
                      test, state, cause, detail, data, delivery_id, body_sha256, same_body_as)
  SELECT e.uuid, d.source, e.event_id, e.provider_id, d.provider, e.provider_type, e.type, e.entity_type, e.entity_id, e.occurred_at, d.received_at,
         e.test, e.state, e.cause, e.detail, e.data, d.id, substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), same.same_as
  FROM unnest($14::int[], $15::uuid[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::timestamptz[],
              $23::boolean[], $24::text[], $25::text[], $26::text[], $27::json[])
    AS e (delivery, uuid, event_id, provider_id, provider_type, type, entity_type, entity_id, occurred_at, test, state, cause, detail, data)
  JOIN d ON d.n = e.delivery LEFT JOIN same ON same.delivery = e.delivery
  WHERE NOT coalesce(same.refuse, false)
  ORDER BY d.source COLLATE "C", e.event_id COLLATE "C"
  ON CONFLICT (source, event_id) DO NOTHING
  RETURNING uuid, state
), ran AS (
  INSERT INTO runs (event_uuid, chain, workflow_id, ledger)
  SELECT r.event_uuid, r.chain, r.workflow_id, r.ledger
  FROM unnest($28::uuid[], $29::text[], $30::text[], $31::text[]) WITH ORDINALITY AS r (event_uuid, chain, workflow_id, ledger, n)
  WHERE r.event_uuid IN (SELECT uuid FROM added)
  ORDER BY r.n
), judged AS (
  SELECT m.delivery, array_agg(m.event_id ORDER BY m.n) AS event_ids,
         min(CASE a.state WHEN 'routed' THEN 1 WHEN 'quarantined' THEN 2 WHEN 'held' THEN 3 WHEN 'ignored' THEN 4 ELSE 5 END) AS rank
  FROM unnest($32::int[], $33::text[], $34::uuid[]) WITH ORDINALITY AS m (delivery, event_id, uuid, n)
  LEFT JOIN added a ON a.uuid = m.uuid
  GROUP BY m.delivery
), kept AS (
  INSERT INTO deliveries (id, source, received_at, remote_address, headers, body, body_sha256, body_bytes, outcome, http_status, cause, detail,
                          event_ids, secret_index)
  SELECT d.id, d.source, d.received_at, d.remote_address, d.headers, substring($12::bytea FROM d.body_from FOR d.body_bytes),
         substring($13::bytea FROM (d.n::int - 1) * 32 + 1 FOR 32), d.body_bytes,
         CASE WHEN same.refuse THEN 'refused' ELSE (ARRAY['accepted', 'quarantined', 'held', 'ignored', 'duplicate'])[j.rank] END,
         CASE WHEN same.refuse THEN 400 ELSE 200 END,
         CASE WHEN same.refuse THEN 'event.bodyReplayed' WHEN j.rank = 2 THEN d.cause WHEN same.delivery IS NOT NULL THEN 'event.sameBody' END,
         CASE WHEN j.rank = 2 AND NOT coalesce(same.refuse, false) THEN d.detail
              WHEN same.delivery IS NOT NULL THEN 'the body is that of event ' || same.same_as END,
         j.event_ids, d.secret_index
  FROM d JOIN judged j ON j.delivery = d.n LEFT JOIN same ON same.delivery = d.n
)
SELECT coalesce(string_agg(uuid::text, ','), '') AS added,
       (SELECT coalesce(string_agg(delivery || ':' || same_as, ','), '') FROM same) AS same
FROM added

-- name: inbox.repair
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
  UPDATE runs r SET state = 'repair_requested', attempt = r.attempt + 1, restarts = 0, tries = 0, due_at = now(), lease_owner = NULL, lease_until = NULL FROM failed f WHERE r.event_uuid = f.event_uuid AND r.chain = f.chain RETURNING r.event_uuid
), marked AS (
  UPDATE deliveries d SET body_differs = true FROM met WHERE d.id = met.delivery_id AND met.body_differs
)
SELECT met.n::int, met.uuid, met.body_differs, met.uuid IN (SELECT event_uuid FROM repaired) AS repairing,
       EXISTS (SELECT FROM runs r WHERE r.event_uuid = met.uuid AND r.state = 'stopped') AS stopped
FROM met

-- name: ledger.claim
WITH latest AS (
  SELECT round, state, attempt, run_id, input_sha256, result, sends FROM effects
  WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round >= $5
  ORDER BY round DESC LIMIT 1
), made AS (
  INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, input_sha256)
  SELECT $1, $2, $3, $4, coalesce((SELECT round + 1 FROM latest), $5), 'intended', $6, $7, $8
  WHERE NOT EXISTS (SELECT FROM latest) OR EXISTS (SELECT FROM latest WHERE state = 'undone' AND run_id <> $7 AND attempt <= $6)
  ON CONFLICT DO NOTHING
  RETURNING round, state, attempt, run_id, input_sha256, result, sends
)
SELECT true AS fresh, * FROM made
UNION ALL SELECT false, * FROM latest WHERE NOT EXISTS (SELECT FROM made)
  AND NOT (state = 'undone' AND run_id <> $7 AND attempt <= $6)

-- name: ledger.markSending
UPDATE effects SET state = 'sending', sends = sends + 1, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND attempt = $6 AND run_id = $7 AND sends = $8
             AND state IN ('intended', 'sending', 'unknown')

-- name: ledger.settle
UPDATE effects SET state = $6, result = $7, detail = $8, updated_at = now()
           WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND sends = $9 AND state IN ('intended', 'sending', 'unknown')

-- name: payments.note
INSERT INTO payments AS p (id, order_id, amount, currency, paid_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (id) DO UPDATE SET order_id = coalesce(p.order_id, excluded.order_id) RETURNING order_id

-- name: refusals.count
INSERT INTO refusal_counters AS r (source, cause, minute, count)
SELECT source, cause, minute, count FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[]) AS t (source, cause, minute, count)
ORDER BY source COLLATE "C", cause COLLATE "C", minute
ON CONFLICT (source, cause, minute) DO UPDATE SET count = r.count + excluded.count

-- name: refusals.insert
INSERT INTO deliveries (id, source, received_at, remote_address, headers, body, body_sha256, body_bytes, outcome, http_status, cause, detail)
SELECT t.id, t.source, t.received_at, t.remote_address, t.headers, CASE WHEN t.kept THEN substring($12::bytea FROM t.body_from FOR t.body_bytes) END,
       substring($13::bytea FROM (t.n::int - 1) * 32 + 1 FOR 32), t.body_bytes, 'refused', t.http_status, t.cause, t.detail
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::json[], $6::boolean[], $7::int[], $8::int[], $9::int[], $10::text[], $11::text[])
  WITH ORDINALITY AS t (id, source, received_at, remote_address, headers, kept, body_from, body_bytes, http_status, cause, detail, n)

-- name: runs.checkAllSoon
UPDATE runs SET check_at = now(), checks = 0 WHERE state = 'started'

-- name: runs.claim
WITH due AS (
  SELECT event_uuid, chain FROM runs
  WHERE state IN ('pending', 'repair_requested') AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
  ORDER BY seq LIMIT $2 FOR UPDATE SKIP LOCKED
), leased AS (
  UPDATE runs r SET lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond'
  FROM due WHERE r.event_uuid = due.event_uuid AND r.chain = due.chain RETURNING r.*
)
SELECT l.event_uuid, l.chain, l.seq, l.workflow_id, l.ledger, l.state, l.attempt, l.round, l.restarts, l.tries,
       e.source, e.event_id, e.type, e.entity_type, e.entity_id, e.occurred_at, e.received_at, e.test, e.data, e.delivery_id
FROM leased l JOIN events e ON e.uuid = l.event_uuid ORDER BY l.seq

-- name: runs.dueChecks
WITH due AS (
  SELECT event_uuid, chain FROM runs WHERE state = 'started' AND check_at <= now() ORDER BY check_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE runs r SET checks = r.checks + 1, check_at = now() + least(300, 5 * 2 ^ least(r.checks, 10)) * interval '1 second'
FROM due WHERE r.event_uuid = due.event_uuid AND r.chain = due.chain
RETURNING r.event_uuid, r.chain, r.attempt, r.restarts, r.workflow_id, r.run_id, r.started_at

-- name: runs.markOutcome
UPDATE runs SET state = $4, closed_at = now(), check_at = NULL, code = $5, detail = $6, result = $7, lease_owner = NULL, lease_until = NULL
WHERE event_uuid = $1 AND chain = $2 AND attempt = $3 AND (state IN ('pending', 'repair_requested', 'started') OR $4 = 'done' AND state IN ('failed', 'stopped'))

-- name: runs.markStarted
UPDATE runs SET state = 'started', run_id = $4, started_at = now(), closed_at = NULL, check_at = now() + interval '5 seconds', checks = 0,
                code = NULL, detail = NULL, result = NULL, lease_owner = NULL, lease_until = NULL
WHERE event_uuid = $1 AND chain = $2 AND attempt = $3 AND state IN ('pending', 'repair_requested')

-- name: runs.ofEvent
SELECT r.event_uuid, r.chain, r.seq, r.workflow_id, r.ledger, r.state, r.attempt, r.round, r.tries, r.run_id, r.due_at, r.started_at, r.closed_at, r.code, r.detail, r.result FROM runs r WHERE r.event_uuid = $1 AND ($2::text IS NULL OR r.chain = $2) ORDER BY r.chain

-- name: segments.set
WITH gone AS (DELETE FROM segment_members WHERE user_id = $1 AND segment <> ALL ($2::text[]))
           INSERT INTO segment_members (segment, user_id, since) SELECT segment, $1, $3 FROM unnest($2::text[]) AS t (segment)
           ON CONFLICT (segment, user_id) DO NOTHING

-- name: stock.claim
INSERT INTO reservations (order_id, sku, wanted, held, event_uuid)
SELECT $1, sku, wanted, 0, $2 FROM unnest($3::text[], $4::int[]) AS t (sku, wanted) ORDER BY sku COLLATE "C"
ON CONFLICT (order_id, sku) DO NOTHING RETURNING sku

-- name: stock.list
SELECT sku, available FROM stock ORDER BY sku

-- name: stock.set
INSERT INTO stock (sku, available) SELECT sku, available FROM unnest($1::text[], $2::int[]) AS t (sku, available) ORDER BY sku COLLATE "C"
           ON CONFLICT (sku) DO UPDATE SET available = excluded.available

-- name: stock.take
WITH goods AS (
  SELECT s.sku, s.available, least(s.available, r.wanted) AS take
  FROM stock s JOIN reservations r ON r.sku = s.sku
  WHERE r.order_id = $1 AND r.sku = ANY ($2::text[])
  ORDER BY s.sku COLLATE "C" FOR UPDATE OF s
), taken AS (
  UPDATE stock s SET available = g.available - g.take FROM goods g WHERE s.sku = g.sku AND g.take > 0
), held AS (
  UPDATE reservations r SET held = g.take FROM goods g WHERE r.order_id = $1 AND r.sku = g.sku AND g.take > 0
)
SELECT r.sku, coalesce(g.take, r.held) AS held FROM reservations r LEFT JOIN goods g ON g.sku = r.sku WHERE r.order_id = $1

-- name: teamNotices.list
SELECT key, subject, text, posted_to AS "postedTo", noticed_at AS "noticedAt" FROM team_notices
             WHERE $1::timestamptz IS NULL OR noticed_at >= $1 ORDER BY noticed_at DESC, key LIMIT $2

-- name: tickets.addChange
INSERT INTO ticket_changes (ticket_id, event_id, changed_at, rank, escalated, priority) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (ticket_id, event_id) DO NOTHING

-- name: tickets.claimEscalations
UPDATE ticket_changes c SET escalation = t.escalation, told_by = $2
           FROM unnest($3::text[], $4::int[]) AS t (event_id, escalation) WHERE c.ticket_id = $1 AND c.event_id = t.event_id

-- name: tickets.keepNotice
INSERT INTO team_notices (key, subject, text, posted_to, noticed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO NOTHING

-- name: tickets.listChanges
SELECT event_id AS "eventId", changed_at AS "changedAt", escalated, priority, escalation, told_by AS "toldBy"
             FROM ticket_changes WHERE ticket_id = $1 ORDER BY changed_at, rank, event_id COLLATE "C"

-- name: tickets.recordFirstAnswer
INSERT INTO analytics AS a (key, name, subject, value, currency, occurred_at) VALUES ($1, 'ticket_first_answer_s', $2, $3, NULL, $4)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value, occurred_at = excluded.occurred_at
           WHERE excluded.occurred_at < a.occurred_at OR (excluded.occurred_at = a.occurred_at AND excluded.value > a.value)
