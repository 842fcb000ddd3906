-- additive

-- What each receiver of alerts was told, until it was given the all-clear.
CREATE TABLE alert_tellings (
  sink            text        NOT NULL,                 -- `post`, or `mail:` and an operator's address
  rule            text        NOT NULL,
  target          text        NOT NULL,
  since           timestamptz NOT NULL,
  told_at         timestamptz NOT NULL,
  told_count      integer     NOT NULL,
  PRIMARY KEY (sink, rule, target)
);

-- The message that is on its way to a receiver, at most one: kept until it is known to have arrived, so that it never goes out as another.
CREATE TABLE alert_messages (
  sink            text        PRIMARY KEY,
  id              uuid        NOT NULL,                 -- makes its Message-ID, or webhook-id
  made_at         timestamptz NOT NULL,
  tries           integer     NOT NULL DEFAULT 1,       -- sendings that may have begun
  items           json        NOT NULL                  -- what it tells: rules, targets, counts, event ids; never a payload
);

-- The sources whose silence is told, and when they were last heard of.
CREATE TABLE alert_sources (
  source          text        PRIMARY KEY,
  first_seen      timestamptz NOT NULL DEFAULT now(),   -- in the settings
  heard_at        timestamptz,                          -- newest delivery that was not refused
  looked_at       timestamptz NOT NULL
);

-- How far runs.seq had come at a time: tells which runs are older than a time without a clock in every row.
CREATE TABLE alert_marks (
  at              timestamptz PRIMARY KEY,
  seq             bigint      NOT NULL
);

-- Runs that were seen to wait for another start, as long as they do: neither their seq nor due_at tells since when.
CREATE TABLE alert_restarts (
  event_uuid      uuid        NOT NULL,
  chain           text        NOT NULL,
  attempt         integer     NOT NULL,
  restarts        integer     NOT NULL,
  first_seen      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event_uuid, chain)
);

-- What was stopped on purpose, and when it was last seen to be.
CREATE TABLE alert_stops (
  kind            text        NOT NULL,
  name            text        NOT NULL,
  seen_at         timestamptz NOT NULL,
  PRIMARY KEY (kind, name)
);
