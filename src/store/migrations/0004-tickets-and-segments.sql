-- The support agent's own tables. Every change of a ticket that an event has told, in whatever order they arrived.
CREATE TABLE ticket_changes (
  ticket_id       text        NOT NULL,                 -- with the system it comes from
  event_id        text        NOT NULL,                 -- with the source; the same change told twice is one row
  changed_at      timestamptz NOT NULL,                 -- changes stand in order of (changed_at, rank, event_id)
  rank            integer     NOT NULL,
  escalated       boolean     NOT NULL,
  priority        text,
  escalation      integer     CHECK (escalation > 0),   -- the number under which this change was told as an escalation
  told_by         uuid,                                 -- the event whose run has told it, or will
  PRIMARY KEY (ticket_id, event_id),
  UNIQUE (ticket_id, escalation),
  CHECK ((escalation IS NULL) = (told_by IS NULL))
);

-- What the team was told, whether or not it was posted as well.
CREATE TABLE team_notices (
  key             text        PRIMARY KEY,              -- of the effect
  subject         text        NOT NULL,                 -- what it is about: a ticket's id
  text            text        NOT NULL,
  posted_to       text,                                 -- origin of the team's URL; null where there was none
  noticed_at      timestamptz NOT NULL
);
CREATE INDEX team_notices_by_time ON team_notices (noticed_at DESC);

-- The marketing agent's own table: who is in which segment.
CREATE TABLE segment_members (
  segment         text        NOT NULL,
  user_id         text        NOT NULL,                 -- with the system it comes from
  since           timestamptz NOT NULL,                 -- the time of the event that had put the user in
  PRIMARY KEY (segment, user_id)
);
CREATE INDEX segment_members_by_user ON segment_members (user_id);
