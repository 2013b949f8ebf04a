-- What a change wrote over in the document of its order: where it went, how,
-- and not before when.

-- step: order_changes_was
-- only: sqlite
ALTER TABLE order_changes ADD COLUMN was TEXT

-- step: order_changes_was
-- only: postgres
ALTER TABLE order_changes ADD COLUMN IF NOT EXISTS was JSONB
