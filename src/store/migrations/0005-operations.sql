-- What an operator has stopped: `hold` keeps new events unrouted, `pause` keeps runs and actions waiting. Holding all does both.
CREATE TABLE switches (
  verb            text        NOT NULL CHECK (verb IN ('hold', 'pause')),
  kind            text        NOT NULL CHECK (kind IN ('all', 'source', 'chain', 'agent', 'adapter')),
  name            text        NOT NULL,                 -- `*` where the kind is `all`
  since           timestamptz NOT NULL DEFAULT now(),
  by              text        NOT NULL,                 -- who has done it
  reason          text,
  PRIMARY KEY (verb, kind, name),
  CHECK (CASE verb WHEN 'hold' THEN kind IN ('all', 'source') ELSE kind <> 'all' END),
  CHECK ((kind = 'all') = (name = '*'))
);

-- Who may use the admin API from elsewhere. A token is 256 random bits, so its plain hash tells nothing.
CREATE TABLE tokens (
  name            text        PRIMARY KEY,
  sha256          bytea       NOT NULL UNIQUE,
  role            text        NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  payloads        boolean     NOT NULL DEFAULT false,   -- may read bodies and data
  made_at         timestamptz NOT NULL DEFAULT now(),
  used_at         timestamptz                           -- to within a minute
);

-- Every change that a person has made, and who it was.
CREATE TABLE audit (
  id              uuid        PRIMARY KEY,              -- version 7: sorts by time
  at              timestamptz NOT NULL DEFAULT now(),
  actor           text        NOT NULL,                 -- a token's name, or `local`
  role            text        NOT NULL,
  action          text        NOT NULL,                 -- `event.replay`, `switch.set`
  target          text        NOT NULL,
  detail          json        NOT NULL DEFAULT '{}'     -- never a payload, never a secret
);

-- What needs a person, from when it was found until an all-clear.
CREATE TABLE alerts (
  rule            text        NOT NULL,                 -- run.failed, refusals.spike, source.silent, backlog.old, effect.unknown
  target          text        NOT NULL,                 -- a chain, a source, an action
  since           timestamptz NOT NULL DEFAULT now(),
  seen_at         timestamptz NOT NULL DEFAULT now(),   -- when it was last found true
  count           integer     NOT NULL DEFAULT 1,       -- things that it stands for
  told_at         timestamptz,                          -- null while nobody could be told
  told_count      integer     NOT NULL DEFAULT 0,
  PRIMARY KEY (rule, target)
);

-- Which process does what only one should do at a time.
CREATE TABLE chores (
  name            text        PRIMARY KEY,              -- alerts, retention
  owner           uuid        NOT NULL,
  until           timestamptz NOT NULL
);

ALTER TABLE events ADD COLUMN schema_version integer;    -- of the type's schema, which has projected the data; null where none has
ALTER TABLE effects ADD COLUMN dry boolean NOT NULL DEFAULT false;  -- of test traffic: performed without reaching the outside
