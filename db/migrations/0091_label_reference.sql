-- The first label of a package is known to its carrier by the package's id,
-- which a backup may have that does not have the label; 0 or null: by its own.
-- step: labels_is_first
-- only: sqlite
ALTER TABLE labels ADD COLUMN is_first INTEGER

-- step: labels_is_first
-- only: postgres
ALTER TABLE labels ADD COLUMN IF NOT EXISTS is_first BIGINT
