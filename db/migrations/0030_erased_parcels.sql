-- Parcels whose buyer was erased: nothing that may name a person is kept of
-- what their carriers say from then on.

-- step: packages_erased_at
-- only: sqlite
ALTER TABLE packages ADD COLUMN erased_at INTEGER

-- step: packages_erased_at
-- only: postgres
ALTER TABLE packages ADD COLUMN IF NOT EXISTS erased_at BIGINT

-- All labels of a parcel, also those that are void.
-- step: labels_package
CREATE INDEX IF NOT EXISTS labels_package ON labels (package_id)
