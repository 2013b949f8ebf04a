-- Labels that carriers sold and no parcel wants, and what becomes of them.

-- State: 1 being given back, 2 given back, 3 the carrier keeps it, 4 it was in
-- use after all.
-- step: orphan_labels
CREATE TABLE IF NOT EXISTS orphan_labels (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    label_id BIGINT NOT NULL,
    package_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    tracking TEXT NOT NULL,
    carrier_ref TEXT NOT NULL,
    currency TEXT,
    cost_minor BIGINT,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: orphan_labels_once
-- only: sqlite
CREATE UNIQUE INDEX IF NOT EXISTS orphan_labels_once ON orphan_labels (label_id, tracking)

-- step: orphan_labels_once
-- only: postgres
CREATE UNIQUE INDEX IF NOT EXISTS orphan_labels_once ON orphan_labels (bucket, label_id, tracking)

-- step: orphan_labels_tracking
CREATE INDEX IF NOT EXISTS orphan_labels_tracking ON orphan_labels (tracking)

-- A person said which label was bought: what its carrier says may be the same
-- one.
-- step: labels_is_settled
-- only: sqlite
ALTER TABLE labels ADD COLUMN is_settled INTEGER NOT NULL DEFAULT 0

-- step: labels_is_settled
-- only: postgres
ALTER TABLE labels ADD COLUMN IF NOT EXISTS is_settled BIGINT NOT NULL DEFAULT 0
