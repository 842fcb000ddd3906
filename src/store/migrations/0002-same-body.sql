-- Bodies that were taken under an id which no signature covers: who holds a captured request can send it again under another id.
-- A table of its own, and not an index on events: its key makes two processes that are sent one body at the same time wait for
-- each other, and sources whose ids are signed write nothing into it.
CREATE TABLE signed_bodies (
  source          text        NOT NULL,
  body_sha256     bytea       NOT NULL,
  event_id        text        NOT NULL,                 -- normalised: under which it was taken first
  received_at     timestamptz NOT NULL,
  PRIMARY KEY (source, body_sha256)
) WITH (fillfactor = 90);

ALTER TABLE events ADD COLUMN same_body_as text;         -- event id under which the same signed body was taken before
