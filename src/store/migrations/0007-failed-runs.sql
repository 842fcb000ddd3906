-- additive
-- concurrently
-- Failed runs by chain, the newest of each: read at every look for alerts.
CREATE INDEX CONCURRENTLY runs_failed ON runs (chain, seq) WHERE state = 'failed';
