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
