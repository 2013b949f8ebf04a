-- Why an exchange cannot follow its order; empty or null: it does.
-- step: exchanges_refused
-- only: sqlite
ALTER TABLE exchanges ADD COLUMN refused TEXT

-- step: exchanges_refused
-- only: postgres
ALTER TABLE exchanges ADD COLUMN IF NOT EXISTS refused TEXT
