-- Every request that reached a source. A refused one has a cause; above the cap they are only counted.
CREATE TABLE deliveries (
  id              uuid        PRIMARY KEY,              -- version 7: sorts by time
  source          text        NOT NULL,
  received_at     timestamptz NOT NULL,
  remote_address  text,
  headers         json        NOT NULL DEFAULT '[]',    -- allow-listed lines, in order: [name, value]
  body            bytea,                                -- raw bytes; null where the sender could not be verified
  body_sha256     bytea       NOT NULL,
  body_bytes      integer     NOT NULL,
  outcome         text        NOT NULL CHECK (outcome IN ('accepted', 'duplicate', 'ignored', 'held', 'quarantined', 'refused')),
  http_status     smallint    NOT NULL,
  cause           text,                                 -- code of the errors table
  detail          text,                                 -- never a payload, never a secret
  event_ids       text[]      NOT NULL DEFAULT '{}',    -- normalised, of this source
  secret_index    smallint,                             -- which of the live secrets had signed
  body_differs    boolean     NOT NULL DEFAULT false    -- a duplicate whose bytes are not those of the first
);
CREATE INDEX deliveries_by_source ON deliveries (source, id DESC);
CREATE INDEX deliveries_by_event ON deliveries USING gin (event_ids);

-- Refusals above the cap: counted, one row a minute, source and cause.
CREATE TABLE refusal_counters (
  source          text        NOT NULL,
  cause           text        NOT NULL,
  minute          timestamptz NOT NULL,
  count           bigint      NOT NULL,
  PRIMARY KEY (source, cause, minute)
);

-- The facts behind deliveries, unique by (source, event id): the first body wins.
CREATE TABLE events (
  uuid            uuid        PRIMARY KEY,
  source          text        NOT NULL,
  event_id        text        NOT NULL,                 -- normalised: as it stands in workflow ids
  provider_id     text        NOT NULL,                 -- as the provider wrote it, cut to 512 characters
  provider        text        NOT NULL,
  provider_type   text        NOT NULL,
  type            text        NOT NULL,                 -- canonical, or provider:type
  entity_type     text,
  entity_id       text,
  occurred_at     timestamptz NOT NULL,
  received_at     timestamptz NOT NULL,
  test            boolean     NOT NULL DEFAULT false,
  state           text        NOT NULL CHECK (state IN ('routed', 'ignored', 'held', 'quarantined')),
  cause           text,
  detail          text,
  data            json,                                 -- projected by the type's schema; json, since jsonb refuses U+0000
  delivery_id     uuid        NOT NULL,                 -- the delivery whose body counts
  body_sha256     bytea       NOT NULL,
  UNIQUE (source, event_id)
);
CREATE INDEX events_by_type ON events (type, uuid DESC);
CREATE INDEX events_by_entity ON events (entity_type, entity_id, uuid DESC) WHERE entity_id IS NOT NULL;
CREATE INDEX events_to_solve ON events (state, uuid DESC) WHERE state IN ('held', 'quarantined');

-- One row for each chain that an event calls for; it outlives Temporal's memory of the run.
CREATE TABLE runs (
  event_uuid      uuid        NOT NULL REFERENCES events ON DELETE CASCADE,
  chain           text        NOT NULL,
  seq             bigint      GENERATED ALWAYS AS IDENTITY,  -- order of receipt
  workflow_id     text        NOT NULL UNIQUE,
  ledger          text        NOT NULL,                 -- family of its effects: the chain's name, or the older one it goes on from
  state           text        NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'started', 'done', 'failed', 'stopped', 'repair_requested')),
  attempt         integer     NOT NULL DEFAULT 1,
  round           integer     NOT NULL DEFAULT 0,       -- lowest round of effects that counts; raised by replay --again
  restarts        integer     NOT NULL DEFAULT 0,       -- starts of the same attempt after Temporal had forgotten it
  due_at          timestamptz NOT NULL DEFAULT now(),   -- when to start, or to look again
  lease_owner     uuid,
  lease_until     timestamptz,
  tries           integer     NOT NULL DEFAULT 0,       -- failed starts of this attempt
  run_id          text,                                 -- Temporal's, of the newest start
  started_at      timestamptz,
  closed_at       timestamptz,
  check_at        timestamptz,                          -- when the sweep asks Temporal about a started run
  checks          integer     NOT NULL DEFAULT 0,
  code            text,                                 -- of the errors table, when failed or stopped
  detail          text,
  result          json,
  PRIMARY KEY (event_uuid, chain)
) WITH (fillfactor = 80);
CREATE INDEX runs_to_start ON runs (seq) WHERE state IN ('pending', 'repair_requested');
CREATE INDEX runs_to_check ON runs (check_at) WHERE state = 'started';
CREATE INDEX runs_by_state ON runs (state, seq DESC);

-- The effect ledger: what actions have done to the outside, or to our own tables.
CREATE TABLE effects (
  event_uuid      uuid        NOT NULL,
  ledger          text        NOT NULL,
  action          text        NOT NULL,                 -- agent.action
  key             text        NOT NULL,                 -- explicit, or branch and occurrence
  round           integer     NOT NULL,
  state           text        NOT NULL CHECK (state IN ('intended', 'sending', 'done', 'unknown', 'undone')),
  attempt         integer     NOT NULL,                 -- of the run that owns the row
  run_id          text        NOT NULL,                 -- Temporal's
  input_sha256    bytea,
  result          json,
  detail          text,
  sends           integer     NOT NULL DEFAULT 0,       -- how often it may have gone out
  intended_at     timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_uuid, ledger, action, key, round)
) WITH (fillfactor = 80);
CREATE INDEX effects_unknown ON effects (updated_at) WHERE state = 'unknown';

-- Versioned state that agents share.
CREATE TABLE entities (
  type            text        NOT NULL,
  id              text        NOT NULL,
  fields          json        NOT NULL DEFAULT '{}',
  versions        json        NOT NULL DEFAULT '{}',    -- field → [time, rank, event id] of the write that stands
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (type, id)
);

-- The inventory agent's own tables.
CREATE TABLE stock (
  sku             text        PRIMARY KEY,
  available       integer     NOT NULL CHECK (available >= 0)
);
CREATE TABLE reservations (
  order_id        text        NOT NULL,                 -- with the system it comes from
  sku             text        NOT NULL,
  wanted          integer     NOT NULL CHECK (wanted > 0),
  held            integer     NOT NULL CHECK (held >= 0 AND held <= wanted),
  event_uuid      uuid        NOT NULL,                 -- whose run holds it
  PRIMARY KEY (order_id, sku)
);

-- The analytics agent's own table: appended under unique keys, counted by sums over rows.
CREATE TABLE analytics (
  key             text        PRIMARY KEY,
  name            text        NOT NULL,
  subject         text        NOT NULL,
  value           numeric     NOT NULL,
  currency        text,
  occurred_at     timestamptz NOT NULL
);
