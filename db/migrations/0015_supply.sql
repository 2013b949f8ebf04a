-- Lots, serial numbers and receipts. A lot hangs on its SKU and stands in the
-- SKU's bucket, as the levels do. A lot that never expires has the day
-- 4000000, so that order by expiry needs no special case.

-- step: stock_policies
CREATE TABLE IF NOT EXISTS stock_policies (
    sku_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    is_lot BIGINT NOT NULL CHECK (is_lot IN (0, 1)),
    is_serial BIGINT NOT NULL CHECK (is_serial IN (0, 1)),
    is_expiry_required BIGINT NOT NULL CHECK (is_expiry_required IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (is_lot = 1 OR is_expiry_required = 0)
) -- sqlite: STRICT

-- step: lots
CREATE TABLE IF NOT EXISTS lots (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    code TEXT NOT NULL CHECK (length(code) > 0),
    expires_on BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (sku_id, code)
) -- sqlite: STRICT

-- The units of a lot at a location, in the buckets that can be told apart by
-- looking at a unit; what is claimed is not yet a particular one.
-- step: lot_levels
CREATE TABLE IF NOT EXISTS lot_levels (
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    expires_on BIGINT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    quality_control BIGINT NOT NULL CHECK (quality_control >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    expired_at BIGINT,
    CHECK (damaged + quality_control + held <= on_hand),
    PRIMARY KEY (sku_id, location_id, lot_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- First expired, first out.
-- step: lot_levels_fefo
CREATE INDEX IF NOT EXISTS lot_levels_fefo ON lot_levels (sku_id, expires_on, lot_id, location_id)

-- Only lots with units that could still be sold by mistake.
-- step: lot_levels_due
CREATE INDEX IF NOT EXISTS lot_levels_due ON lot_levels (expires_on, lot_id, location_id) WHERE on_hand > damaged + quality_control + held

-- step: lot_movements
CREATE TABLE IF NOT EXISTS lot_movements (
    lot_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    PRIMARY KEY (lot_id, movement_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- One row per unit that ever had a number; it stays when the unit leaves.
-- step: serials
CREATE TABLE IF NOT EXISTS serials (
    sku_id BIGINT NOT NULL,
    code TEXT NOT NULL CHECK (length(code) > 0),
    bucket BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    place BIGINT NOT NULL CHECK (place IN (0, 1, 4, 5, 6, 7)),
    transit_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    PRIMARY KEY (sku_id, code)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: receipts
CREATE TABLE IF NOT EXISTS receipts (
    id BIGINT PRIMARY KEY,
    location_id BIGINT NOT NULL REFERENCES locations (id),
    reference TEXT NOT NULL,
    event_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: receipts_location
CREATE INDEX IF NOT EXISTS receipts_location ON receipts (location_id, id)

-- step: receipt_lines
CREATE TABLE IF NOT EXISTS receipt_lines (
    receipt_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    bucket_to BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    supply_id BIGINT NOT NULL,
    movement_id BIGINT NOT NULL,
    serials JSONB NOT NULL,
    PRIMARY KEY (receipt_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- What is expected at a level: announced by people or by a transfer on its
-- way. `incoming` of a level is the sum of what is open of these.
-- step: supplies
CREATE TABLE IF NOT EXISTS supplies (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    received BIGINT NOT NULL CHECK (received >= 0),
    open BIGINT NOT NULL CHECK (open >= 0),
    over_percent BIGINT NOT NULL CHECK (over_percent BETWEEN 0 AND 100),
    expected_at BIGINT NOT NULL,
    reference TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state IN (1, 2, 3)),
    source BIGINT NOT NULL CHECK (source IN (1, 2)),
    source_id BIGINT NOT NULL,
    source_n BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    CHECK (state = 1 OR open = 0)
) -- sqlite: STRICT

-- step: supplies_open
CREATE INDEX IF NOT EXISTS supplies_open ON supplies (sku_id, location_id, expected_at, id) WHERE state = 1

-- step: supplies_due
CREATE INDEX IF NOT EXISTS supplies_due ON supplies (expected_at, id) WHERE state = 1

-- Units of a SKU that orders wait for: a read model that follows the log. The
-- lines say what is in the sum, so that an event seen twice changes nothing.
-- step: backorders
CREATE TABLE IF NOT EXISTS backorders (
    sku_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty >= 0)
) -- sqlite: STRICT

-- step: backorder_lines
CREATE TABLE IF NOT EXISTS backorder_lines (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: transfers
CREATE TABLE IF NOT EXISTS transfers (
    id BIGINT PRIMARY KEY,
    from_id BIGINT NOT NULL REFERENCES locations (id),
    to_id BIGINT NOT NULL REFERENCES locations (id),
    reference TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    expected_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (from_id <> to_id)
) -- sqlite: STRICT

-- step: transfers_state
CREATE INDEX IF NOT EXISTS transfers_state ON transfers (state, id)

-- I7: shipped = received + lost + what is in transit.
-- step: transfer_lines
CREATE TABLE IF NOT EXISTS transfer_lines (
    transfer_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    shipped BIGINT NOT NULL CHECK (shipped >= 0),
    received BIGINT NOT NULL CHECK (received >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    lost BIGINT NOT NULL CHECK (lost >= 0),
    supply_id BIGINT NOT NULL,
    CHECK (shipped <= qty),
    CHECK (received + lost <= shipped),
    CHECK (damaged <= received),
    PRIMARY KEY (transfer_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: transfer_lines_transit
CREATE INDEX IF NOT EXISTS transfer_lines_transit ON transfer_lines (sku_id) WHERE shipped > received + lost

-- step: transfer_lots
CREATE TABLE IF NOT EXISTS transfer_lots (
    transfer_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    shipped BIGINT NOT NULL CHECK (shipped > 0),
    received BIGINT NOT NULL CHECK (received >= 0),
    CHECK (received <= shipped),
    PRIMARY KEY (transfer_id, n, lot_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: counts
CREATE TABLE IF NOT EXISTS counts (
    id BIGINT PRIMARY KEY,
    location_id BIGINT NOT NULL REFERENCES locations (id),
    name TEXT NOT NULL,
    is_all BIGINT NOT NULL CHECK (is_all IN (0, 1)),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- The SKUs that shall be counted, unless all are.
-- step: count_scope
CREATE TABLE IF NOT EXISTS count_scope (
    count_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    PRIMARY KEY (count_id, sku_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- What was found, beside what was on hand at that moment. Lot 0: no lot.
-- step: count_lines
CREATE TABLE IF NOT EXISTS count_lines (
    count_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    counted BIGINT NOT NULL CHECK (counted >= 0),
    expected BIGINT NOT NULL CHECK (expected >= 0),
    counted_at BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state IN (1, 2, 3)),
    unclaimed BIGINT NOT NULL,
    PRIMARY KEY (count_id, sku_id, lot_id)
) -- sqlite: STRICT, WITHOUT ROWID
