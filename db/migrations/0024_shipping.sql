-- Boxes, accounts with carriers, parcels, their labels and what is asked of
-- carriers. What belongs to an order carries the order's bucket.

-- Location NULL: at every location.
-- step: boxes
CREATE TABLE IF NOT EXISTS boxes (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    location_id BIGINT REFERENCES locations (id),
    length_mm BIGINT NOT NULL CHECK (length_mm > 0),
    width_mm BIGINT NOT NULL CHECK (width_mm > 0),
    height_mm BIGINT NOT NULL CHECK (height_mm > 0),
    weight_g BIGINT NOT NULL CHECK (weight_g >= 0),
    max_weight_g BIGINT NOT NULL CHECK (max_weight_g >= 0),
    cost_minor BIGINT NOT NULL CHECK (cost_minor >= 0),
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: carrier_accounts
CREATE TABLE IF NOT EXISTS carrier_accounts (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    carrier TEXT NOT NULL,
    settings JSONB NOT NULL,
    services JSONB NOT NULL,
    secret TEXT,
    gs1_prefix TEXT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- The next serial number of a company prefix. Another epoch skips ahead: what
-- was given out after a backup was made must not be given out again.
-- step: sscc_counters
CREATE TABLE IF NOT EXISTS sscc_counters (
    prefix TEXT PRIMARY KEY,
    next BIGINT NOT NULL CHECK (next >= 0),
    epoch TEXT NOT NULL
) -- sqlite: STRICT

-- reached: the farthest state with a rank; trace_at: the carrier's last fact
-- that counted. label_id: the label that counts, or is being bought.
-- step: packages
CREATE TABLE IF NOT EXISTS packages (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    fo_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 11),
    reached BIGINT NOT NULL CHECK (reached BETWEEN 1 AND 7),
    trace_at BIGINT NOT NULL,
    is_closed BIGINT NOT NULL CHECK (is_closed IN (0, 1)),
    box_id BIGINT REFERENCES boxes (id),
    weight_g BIGINT NOT NULL CHECK (weight_g >= 0),
    length_mm BIGINT NOT NULL CHECK (length_mm >= 0),
    width_mm BIGINT NOT NULL CHECK (width_mm >= 0),
    height_mm BIGINT NOT NULL CHECK (height_mm >= 0),
    is_weighed BIGINT NOT NULL CHECK (is_weighed IN (0, 1)),
    account_id BIGINT REFERENCES carrier_accounts (id),
    carrier TEXT NOT NULL,
    service TEXT NOT NULL,
    tracking TEXT,
    sscc TEXT,
    currency TEXT,
    list_minor BIGINT,
    quoted_minor BIGINT,
    cost_minor BIGINT,
    choice JSONB NOT NULL,
    label_id BIGINT,
    manifest_id BIGINT,
    packed_at BIGINT,
    shipped_at BIGINT,
    delivered_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: packages_fo
CREATE INDEX IF NOT EXISTS packages_fo ON packages (fo_id)

-- step: packages_order
CREATE INDEX IF NOT EXISTS packages_order ON packages (order_id)

-- step: packages_tracking
CREATE INDEX IF NOT EXISTS packages_tracking ON packages (tracking) WHERE tracking IS NOT NULL

-- step: packages_sscc
CREATE INDEX IF NOT EXISTS packages_sscc ON packages (sscc) WHERE sscc IS NOT NULL

-- What waits to be handed over.
-- step: packages_labelled
CREATE INDEX IF NOT EXISTS packages_labelled ON packages (location_id, account_id, id) WHERE state = 3

-- step: packages_manifest
CREATE INDEX IF NOT EXISTS packages_manifest ON packages (manifest_id) WHERE manifest_id IS NOT NULL

-- n: the line. sku: the line's, or a component of its kit.
-- step: package_items
CREATE TABLE IF NOT EXISTS package_items (
    package_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    per_line BIGINT NOT NULL CHECK (per_line > 0),
    PRIMARY KEY (package_id, n, sku_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Which units of an item: of a lot, or with a number of their own.
-- step: package_units
CREATE TABLE IF NOT EXISTS package_units (
    package_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    lot TEXT NOT NULL,
    number TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (package_id, n, sku_id, lot, number)
) -- sqlite: STRICT, WITHOUT ROWID

-- Who got units of a lot, or that very unit.
-- step: package_units_lot
CREATE INDEX IF NOT EXISTS package_units_lot ON package_units (sku_id, lot, package_id) WHERE lot <> ''

-- step: package_units_serial
CREATE INDEX IF NOT EXISTS package_units_serial ON package_units (sku_id, number) WHERE number <> ''

-- A scan is counted once; hash: of what it said.
-- step: package_scans
CREATE TABLE IF NOT EXISTS package_scans (
    package_id BIGINT NOT NULL,
    scan_id TEXT NOT NULL,
    hash BIGINT NOT NULL,
    PRIMARY KEY (package_id, scan_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Labels asked for, bought or void; the reference a carrier knows is the id.
-- step: labels
CREATE TABLE IF NOT EXISTS labels (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    package_id BIGINT NOT NULL,
    account_id BIGINT,
    service TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    tracking TEXT NOT NULL,
    carrier_ref TEXT NOT NULL,
    currency TEXT,
    cost_minor BIGINT,
    zpl TEXT,
    pdf TEXT,
    error_field TEXT NOT NULL,
    error_text TEXT NOT NULL,
    is_voiding_package BIGINT NOT NULL CHECK (is_voiding_package IN (0, 1)),
    job_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- At most one of a parcel's labels is wanted or paid for (I23).
-- step: labels_live
-- only: sqlite
CREATE UNIQUE INDEX IF NOT EXISTS labels_live ON labels (package_id) WHERE state IN (1, 2, 4)

-- step: labels_live
-- only: postgres
CREATE UNIQUE INDEX IF NOT EXISTS labels_live ON labels (bucket, package_id) WHERE state IN (1, 2, 4)

-- What carriers are asked: the intent, before it is done.
-- step: carrier_calls
CREATE TABLE IF NOT EXISTS carrier_calls (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    op BIGINT NOT NULL CHECK (op BETWEEN 1 AND 7),
    subject_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 8),
    epoch TEXT NOT NULL,
    tries BIGINT NOT NULL,
    lookups BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: carrier_calls_due
CREATE INDEX IF NOT EXISTS carrier_calls_due ON carrier_calls (next_at) WHERE state IN (1, 2, 3, 4)

-- step: carrier_calls_subject
CREATE INDEX IF NOT EXISTS carrier_calls_subject ON carrier_calls (subject_id)
