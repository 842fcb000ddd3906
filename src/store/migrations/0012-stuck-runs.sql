-- additive
-- concurrently
-- Started runs that do not go on: few, and looked for at every look for alerts and before every scrape.
CREATE INDEX CONCURRENTLY runs_stuck ON runs (chain, seq) WHERE state = 'started' AND stuck_since IS NOT NULL;
