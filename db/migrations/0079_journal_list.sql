-- The journal of an order, newest first.
-- step: journal_entries_of_order
CREATE INDEX IF NOT EXISTS journal_entries_of_order ON journal_entries (order_id, at, id) WHERE order_id IS NOT NULL

-- step: journal_entries_order
DROP INDEX IF EXISTS journal_entries_order
