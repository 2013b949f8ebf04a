-- Who says an order's taxes (1 given with it, 2 computed), where they are
-- rounded (1 line, 2 total), and the channel's own place.

-- step: channels_taxes
-- only: sqlite
ALTER TABLE channels ADD COLUMN taxes INTEGER NOT NULL DEFAULT 1 CHECK (taxes IN (1, 2))

-- step: channels_taxes
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS taxes BIGINT NOT NULL DEFAULT 1 CHECK (taxes IN (1, 2))

-- step: channels_tax_round
-- only: sqlite
ALTER TABLE channels ADD COLUMN tax_round INTEGER NOT NULL DEFAULT 1 CHECK (tax_round IN (1, 2))

-- step: channels_tax_round
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS tax_round BIGINT NOT NULL DEFAULT 1 CHECK (tax_round IN (1, 2))

-- step: channels_tax_country
-- only: sqlite
ALTER TABLE channels ADD COLUMN tax_country TEXT

-- step: channels_tax_country
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS tax_country TEXT

-- step: channels_tax_region
-- only: sqlite
ALTER TABLE channels ADD COLUMN tax_region TEXT

-- step: channels_tax_region
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS tax_region TEXT

-- step: channels_tax_postal_code
-- only: sqlite
ALTER TABLE channels ADD COLUMN tax_postal_code TEXT

-- step: channels_tax_postal_code
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS tax_postal_code TEXT
