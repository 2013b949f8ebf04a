-- 3: what is expected of a purchase order. SQLite cannot widen a check: the
-- table is made anew.
-- step: supplies_made
-- only: sqlite
CREATE TABLE supplies_made (
    id INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    sku_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    qty INTEGER NOT NULL CHECK (qty > 0),
    received INTEGER NOT NULL CHECK (received >= 0),
    open INTEGER NOT NULL CHECK (open >= 0),
    over_percent INTEGER NOT NULL CHECK (over_percent BETWEEN 0 AND 100),
    expected_at INTEGER NOT NULL,
    reference TEXT NOT NULL,
    state INTEGER NOT NULL CHECK (state IN (1, 2, 3)),
    source INTEGER NOT NULL CHECK (source IN (1, 2, 3)),
    source_id INTEGER NOT NULL,
    source_n INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    CHECK (state = 1 OR open = 0)
) STRICT

-- step: supplies_copied
-- only: sqlite
INSERT INTO supplies_made SELECT id, bucket, sku_id, location_id, qty, received, open, over_percent, expected_at, reference, state, source, source_id, source_n, version, created_at FROM supplies

-- step: supplies_dropped
-- only: sqlite
DROP TABLE supplies

-- step: supplies_renamed
-- only: sqlite
ALTER TABLE supplies_made RENAME TO supplies

-- step: supplies_open_again
-- only: sqlite
CREATE INDEX supplies_open ON supplies (sku_id, location_id, expected_at, id) WHERE state = 1

-- step: supplies_due_again
-- only: sqlite
CREATE INDEX supplies_due ON supplies (expected_at, id) WHERE state = 1

-- step: supplies_sources
-- only: postgres
ALTER TABLE supplies DROP CONSTRAINT IF EXISTS supplies_source_check, ADD CONSTRAINT supplies_source_check CHECK (source IN (1, 2, 3))
