-- additive
-- concurrently
CREATE INDEX CONCURRENTLY refusal_counters_by_minute ON refusal_counters (minute);
