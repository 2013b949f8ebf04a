-- Kits: SKUs that are sold as others; and the components a line was sold with.

-- step: skus_is_kit
-- only: sqlite
ALTER TABLE skus ADD COLUMN is_kit INTEGER NOT NULL DEFAULT 0 CHECK (is_kit IN (0, 1))

-- step: skus_is_kit
-- only: postgres
ALTER TABLE skus ADD COLUMN IF NOT EXISTS is_kit BIGINT NOT NULL DEFAULT 0 CHECK (is_kit IN (0, 1))

-- step: kit_parts
CREATE TABLE IF NOT EXISTS kit_parts (
    kit_id BIGINT NOT NULL REFERENCES skus (id),
    n BIGINT NOT NULL CHECK (n > 0),
    sku_id BIGINT NOT NULL REFERENCES skus (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (kit_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: kit_parts_sku
CREATE UNIQUE INDEX IF NOT EXISTS kit_parts_sku ON kit_parts (sku_id, kit_id)

-- step: order_lines_is_kit
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN is_kit INTEGER NOT NULL DEFAULT 0 CHECK (is_kit IN (0, 1))

-- step: order_lines_is_kit
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS is_kit BIGINT NOT NULL DEFAULT 0 CHECK (is_kit IN (0, 1))

-- Few rows at any time: lines that wait for stock.
-- step: order_lines_waiting
CREATE INDEX IF NOT EXISTS order_lines_waiting ON order_lines (sku_id, order_id) WHERE backordered > 0

-- step: order_parts
CREATE TABLE IF NOT EXISTS order_parts (
    order_id BIGINT NOT NULL,
    line_n BIGINT NOT NULL CHECK (line_n > 0),
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    sku_code TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, line_n, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- ---- what a channel may sell, and when a level is low ----

-- step: levels_low_stock
-- only: sqlite
ALTER TABLE levels ADD COLUMN low_stock INTEGER CHECK (low_stock >= 0)

-- step: levels_low_stock
-- only: postgres
ALTER TABLE levels ADD COLUMN IF NOT EXISTS low_stock BIGINT CHECK (low_stock >= 0)

-- step: levels_channel_policies
-- only: sqlite
ALTER TABLE levels ADD COLUMN channel_policies INTEGER NOT NULL DEFAULT 0 CHECK (channel_policies >= 0)

-- step: levels_channel_policies
-- only: postgres
ALTER TABLE levels ADD COLUMN IF NOT EXISTS channel_policies BIGINT NOT NULL DEFAULT 0 CHECK (channel_policies >= 0)

-- step: levels_policies
CREATE INDEX IF NOT EXISTS levels_policies ON levels (sku_id, location_id) WHERE safety_stock > 0 OR low_stock IS NOT NULL OR channel_policies > 0

-- step: level_policies
CREATE TABLE IF NOT EXISTS level_policies (
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    safety_stock BIGINT NOT NULL CHECK (safety_stock >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (sku_id, location_id, channel_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- ---- a level as it was ----

-- Now and then the whole of a level, so that its chain of movements need not
-- be walked from the newest.
-- step: level_marks
CREATE TABLE IF NOT EXISTS level_marks (
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    at BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    committed BIGINT NOT NULL CHECK (committed >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    quality_control BIGINT NOT NULL CHECK (quality_control >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    safety_stock BIGINT NOT NULL CHECK (safety_stock >= 0),
    low_stock BIGINT CHECK (low_stock >= 0),
    PRIMARY KEY (sku_id, location_id, version)
) -- sqlite: STRICT, WITHOUT ROWID
