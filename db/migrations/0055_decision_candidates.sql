-- The candidates of a decision, told in few bytes (routing_pack.c). NULL: they
-- stand in its document, as they did before.

-- step: routing_decisions_candidates
-- only: sqlite
ALTER TABLE routing_decisions ADD COLUMN candidates TEXT

-- step: routing_decisions_candidates
-- only: postgres
ALTER TABLE routing_decisions ADD COLUMN IF NOT EXISTS candidates TEXT
