-- What of the money of a return was not given back. NULL is "nothing".

-- step: returns_restocking_kept
-- only: sqlite
ALTER TABLE returns ADD COLUMN restocking_kept INTEGER

-- step: returns_restocking_kept
-- only: postgres
ALTER TABLE returns ADD COLUMN IF NOT EXISTS restocking_kept BIGINT

-- step: returns_shipping_kept
-- only: sqlite
ALTER TABLE returns ADD COLUMN shipping_kept INTEGER

-- step: returns_shipping_kept
-- only: postgres
ALTER TABLE returns ADD COLUMN IF NOT EXISTS shipping_kept BIGINT
