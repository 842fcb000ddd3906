-- additive
-- concurrently
-- Refusals of the last minutes, without a look at what was accepted meanwhile.
CREATE INDEX CONCURRENTLY deliveries_refused ON deliveries (received_at) WHERE outcome = 'refused';
