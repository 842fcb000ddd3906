-- additive
-- concurrently
-- Started runs by age, for those that take too long.
CREATE INDEX CONCURRENTLY runs_started ON runs (started_at) WHERE state = 'started';
