-- The parcel that its carrier says units of a return are in; none: nobody said.

-- step: return_units_package
-- only: sqlite
ALTER TABLE return_units ADD COLUMN package_id BIGINT

-- step: return_units_package
-- only: postgres
ALTER TABLE return_units ADD COLUMN IF NOT EXISTS package_id BIGINT
