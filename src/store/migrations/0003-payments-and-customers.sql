-- Payments that have come, each once whatever number of events told of it.
CREATE TABLE payments (
  id              text        PRIMARY KEY,              -- with the system that took it
  order_id        text,                                 -- with its system; null while no event has named an order
  amount          numeric     NOT NULL,                 -- in major units, as the first event told it
  currency        text        NOT NULL,
  paid_at         timestamptz NOT NULL
);
CREATE INDEX payments_unmatched ON payments (paid_at) WHERE order_id IS NULL;

-- How often what is known of a customer has changed: tells which of two profiles is the newer.
CREATE TABLE customer_revisions (
  id              text        PRIMARY KEY,              -- with the system it comes from
  revision        integer     NOT NULL
);

-- The CRM of those who have none.
CREATE TABLE crm_profiles (
  external_id     text        PRIMARY KEY,              -- the customer's id
  revision        integer     NOT NULL,                 -- an older profile never overwrites a newer one
  profile         json        NOT NULL,
  synced_at       timestamptz NOT NULL DEFAULT now()
);
