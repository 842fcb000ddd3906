-- additive
-- concurrently
-- Runs that wait for another start, without a look at the many that wait for their first.
CREATE INDEX CONCURRENTLY runs_to_restart ON runs (seq) WHERE (state = 'repair_requested' OR state = 'pending' AND restarts > 0);
