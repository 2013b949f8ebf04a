-- Picking and handing over: where SKUs lie, who walks for them, what was found.

-- The place of a SKU at a location. It stands in the SKU's bucket.
-- step: sku_bins
CREATE TABLE IF NOT EXISTS sku_bins (
    location_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    bin TEXT NOT NULL CHECK (length(bin) > 0),
    zone TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (location_id, sku_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: sku_bins_sku
CREATE INDEX IF NOT EXISTS sku_bins_sku ON sku_bins (sku_id, location_id)

-- How a location works; without a row it works by hand.
-- step: fulfillment_settings
CREATE TABLE IF NOT EXISTS fulfillment_settings (
    location_id BIGINT PRIMARY KEY,
    is_auto_pick BIGINT NOT NULL CHECK (is_auto_pick IN (0, 1)),
    pick_mode BIGINT NOT NULL CHECK (pick_mode BETWEEN 1 AND 4),
    tote_units BIGINT NOT NULL CHECK (tote_units > 0),
    pickup_hold_days BIGINT NOT NULL CHECK (pickup_hold_days > 0),
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: pick_tasks
CREATE TABLE IF NOT EXISTS pick_tasks (
    id BIGINT PRIMARY KEY,
    location_id BIGINT NOT NULL,
    mode BIGINT NOT NULL CHECK (mode BETWEEN 1 AND 4),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 7),
    zone TEXT NOT NULL,
    tote TEXT NOT NULL,
    wave_id BIGINT NOT NULL,
    assignee_kind BIGINT NOT NULL,
    assignee_id BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    CHECK ((assignee_kind = 0) = (assignee_id = 0))
) -- sqlite: STRICT

-- step: pick_tasks_location
CREATE INDEX IF NOT EXISTS pick_tasks_location ON pick_tasks (location_id, id)

-- What is still to be walked for: small, however old the store.
-- step: pick_tasks_live
CREATE INDEX IF NOT EXISTS pick_tasks_live ON pick_tasks (id) WHERE state < 4

-- Units of one SKU (of one lot, where the SKU has lots) for one line of one
-- fulfillment order. `per` of them make one unit of that line.
-- step: pick_lines
CREATE TABLE IF NOT EXISTS pick_lines (
    task_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    fo_id BIGINT NOT NULL,
    fo_n BIGINT NOT NULL CHECK (fo_n > 0),
    order_id BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    per BIGINT NOT NULL CHECK (per > 0),
    qty BIGINT NOT NULL CHECK (qty >= 0),
    picked BIGINT NOT NULL CHECK (picked >= 0),
    missing BIGINT NOT NULL CHECK (missing >= 0),
    reason TEXT NOT NULL,
    bin TEXT NOT NULL,
    zone TEXT NOT NULL,
    tote TEXT NOT NULL,
    CHECK (picked + missing <= qty),
    PRIMARY KEY (task_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: pick_lines_fo
CREATE INDEX IF NOT EXISTS pick_lines_fo ON pick_lines (fo_id, task_id)

-- step: pick_lines_order
CREATE INDEX IF NOT EXISTS pick_lines_order ON pick_lines (order_id, fo_n)

-- Which units were picked, where they can be told apart. `gone` of them have
-- left the building or went back to their place.
-- step: pick_units
CREATE TABLE IF NOT EXISTS pick_units (
    task_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    serial_no TEXT NOT NULL,
    fo_id BIGINT NOT NULL,
    fo_n BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    gone BIGINT NOT NULL CHECK (gone BETWEEN 0 AND qty),
    CHECK (serial_no = '' OR qty = 1),
    PRIMARY KEY (task_id, n, lot_id, serial_no)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: pick_units_here
CREATE INDEX IF NOT EXISTS pick_units_here ON pick_units (sku_id, location_id) WHERE gone < qty

-- step: pick_units_fo
CREATE INDEX IF NOT EXISTS pick_units_fo ON pick_units (fo_id, fo_n)

-- A scan of a device that knows what it sent: once for each of its ids.
-- step: pick_scans
CREATE TABLE IF NOT EXISTS pick_scans (
    task_id BIGINT NOT NULL,
    scan_id TEXT NOT NULL,
    body_hash BIGINT NOT NULL,
    PRIMARY KEY (task_id, scan_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Lines that must be made before they can be picked, by order line.
-- step: productions
CREATE TABLE IF NOT EXISTS productions (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 3),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: productions_open
CREATE INDEX IF NOT EXISTS productions_open ON productions (order_id, n) WHERE status < 3

-- Units that a buyer comes to collect. The code is sealed.
-- step: pickups
CREATE TABLE IF NOT EXISTS pickups (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    fo_id BIGINT NOT NULL UNIQUE,
    order_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    code TEXT,
    tries BIGINT NOT NULL CHECK (tries >= 0),
    ready_at BIGINT,
    expires_at BIGINT,
    ended_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (state <> 3 OR (expires_at IS NOT NULL AND ready_at IS NOT NULL))
) -- sqlite: STRICT

-- step: pickups_location
CREATE INDEX IF NOT EXISTS pickups_location ON pickups (location_id, id)

-- step: pickups_order
CREATE INDEX IF NOT EXISTS pickups_order ON pickups (order_id)

-- step: pickups_due
CREATE INDEX IF NOT EXISTS pickups_due ON pickups (expires_at, id) WHERE state = 3
