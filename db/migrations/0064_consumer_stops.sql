-- What keeps a consumer from its next event, until a step of it succeeds.

-- step: event_cursors_stopped_at
-- only: sqlite
ALTER TABLE event_cursors ADD COLUMN stopped_at INTEGER

-- step: event_cursors_stopped_at
-- only: postgres
ALTER TABLE event_cursors ADD COLUMN IF NOT EXISTS stopped_at BIGINT

-- step: event_cursors_stopped_by
-- only: sqlite
ALTER TABLE event_cursors ADD COLUMN stopped_by INTEGER

-- step: event_cursors_stopped_by
-- only: postgres
ALTER TABLE event_cursors ADD COLUMN IF NOT EXISTS stopped_by BIGINT

-- step: event_cursors_error
-- only: sqlite
ALTER TABLE event_cursors ADD COLUMN error TEXT

-- step: event_cursors_error
-- only: postgres
ALTER TABLE event_cursors ADD COLUMN IF NOT EXISTS error TEXT
