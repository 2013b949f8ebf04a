-- A parcel that brings goods of another one back.

-- step: packages_returns_id
-- only: sqlite
ALTER TABLE packages ADD COLUMN returns_id INTEGER

-- step: packages_returns_id
-- only: postgres
ALTER TABLE packages ADD COLUMN IF NOT EXISTS returns_id BIGINT

-- step: packages_returns
CREATE INDEX IF NOT EXISTS packages_returns ON packages (returns_id) WHERE returns_id IS NOT NULL
