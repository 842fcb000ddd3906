-- additive

-- Since when Temporal cannot carry a started run on, as the sweep has seen it: its workflow task fails again and again. Null for all others.
ALTER TABLE runs ADD COLUMN stuck_since timestamptz;

-- Vendors that have asked to be left alone for a while (`Retry-After`): no worker asks them anything until then.
CREATE TABLE vendor_waits (
  adapter         text        PRIMARY KEY,
  until           timestamptz NOT NULL,
  since           timestamptz NOT NULL                  -- when it had asked first, of those whose times overlap
);
