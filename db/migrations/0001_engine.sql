-- The engine's tables. One re-runnable statement a step. Written in
-- PostgreSQL's words; the generator turns BIGINT into INTEGER and JSONB into
-- TEXT for SQLite and appends what `-- sqlite:` says to the statement before
-- its semicolon. `-- only: sqlite` / `-- only: postgres` limits a step.

-- step: meta
CREATE TABLE IF NOT EXISTS meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) -- sqlite: STRICT, WITHOUT ROWID

-- ---- event log ----

-- step: events
-- only: sqlite
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    actor_kind INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT

-- step: events
-- only: postgres
CREATE TABLE IF NOT EXISTS events (
    bucket SMALLINT NOT NULL,
    id BIGINT NOT NULL PRIMARY KEY,
    xid BIGINT NOT NULL,
    at BIGINT NOT NULL,
    type TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    actor_kind SMALLINT NOT NULL,
    actor_id BIGINT NOT NULL,
    data JSONB NOT NULL
)

-- step: events_order
-- only: postgres
CREATE INDEX IF NOT EXISTS events_order ON events (xid, id)

-- step: events_subject
CREATE INDEX IF NOT EXISTS events_subject ON events (subject_id, id)

-- step: event_cursors
CREATE TABLE IF NOT EXISTS event_cursors (
    consumer TEXT PRIMARY KEY,
    xid BIGINT NOT NULL,
    id BIGINT NOT NULL
) -- sqlite: STRICT, WITHOUT ROWID

-- ---- idempotency: keys are narrow, replies stand apart ----

-- step: idem_keys
-- only: sqlite
CREATE TABLE IF NOT EXISTS idem_keys (
    id INTEGER PRIMARY KEY,
    key_hash INTEGER NOT NULL,
    key_check INTEGER NOT NULL,
    body_hash INTEGER NOT NULL
) STRICT

-- step: idem_replies
-- only: sqlite
CREATE TABLE IF NOT EXISTS idem_replies (
    id INTEGER PRIMARY KEY,
    status INTEGER NOT NULL,
    reply TEXT NOT NULL
) STRICT

-- A ring of four days: today's slot is day % 4, and the slot of the day before
-- yesterday is emptied whole. `day` tells apart what an idle store left behind.
-- step: idem_keys
-- only: postgres
CREATE TABLE IF NOT EXISTS idem_keys (
    bucket SMALLINT NOT NULL,
    slot SMALLINT NOT NULL,
    day INTEGER NOT NULL,
    key_hash BIGINT NOT NULL,
    key_check BIGINT NOT NULL,
    body_hash BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (slot, day, key_hash, key_check)
) PARTITION BY LIST (slot)

-- step: idem_keys_0
-- only: postgres
CREATE TABLE IF NOT EXISTS idem_keys_0 PARTITION OF idem_keys FOR VALUES IN (0)

-- step: idem_keys_1
-- only: postgres
CREATE TABLE IF NOT EXISTS idem_keys_1 PARTITION OF idem_keys FOR VALUES IN (1)

-- step: idem_keys_2
-- only: postgres
CREATE TABLE IF NOT EXISTS idem_keys_2 PARTITION OF idem_keys FOR VALUES IN (2)

-- step: idem_keys_3
-- only: postgres
CREATE TABLE IF NOT EXISTS idem_keys_3 PARTITION OF idem_keys FOR VALUES IN (3)

-- ---- user ----

-- step: api_keys
CREATE TABLE IF NOT EXISTS api_keys (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    key_hash TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    perms BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0)
) -- sqlite: STRICT

-- ---- catalog ----

-- step: products
CREATE TABLE IF NOT EXISTS products (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    attrs JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: skus
CREATE TABLE IF NOT EXISTS skus (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL CHECK (bucket BETWEEN 0 AND 255),
    code TEXT NOT NULL UNIQUE,
    product_id BIGINT REFERENCES products (id),
    title TEXT NOT NULL,
    barcode TEXT,
    is_tracked BIGINT NOT NULL CHECK (is_tracked IN (0, 1)),
    weight_g BIGINT CHECK (weight_g >= 0),
    length_mm BIGINT CHECK (length_mm >= 0),
    width_mm BIGINT CHECK (width_mm >= 0),
    height_mm BIGINT CHECK (height_mm >= 0),
    hs_code TEXT,
    origin TEXT,
    attrs JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: skus_barcode
CREATE INDEX IF NOT EXISTS skus_barcode ON skus (barcode) WHERE barcode IS NOT NULL

-- step: skus_product
CREATE INDEX IF NOT EXISTS skus_product ON skus (product_id)

-- ---- channel ----

-- step: channels
CREATE TABLE IF NOT EXISTS channels (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type BIGINT NOT NULL CHECK (type BETWEEN 1 AND 6),
    brand TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    tz TEXT NOT NULL,
    tax_mode BIGINT NOT NULL CHECK (tax_mode IN (1, 2)),
    rounding BIGINT NOT NULL CHECK (rounding BETWEEN 1 AND 3),
    stock_policy BIGINT NOT NULL CHECK (stock_policy IN (1, 2)),
    number_prefix TEXT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    attrs JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: channel_numbers
CREATE TABLE IF NOT EXISTS channel_numbers (
    channel_id BIGINT PRIMARY KEY REFERENCES channels (id),
    next BIGINT NOT NULL CHECK (next > 0)
) -- sqlite: STRICT

-- ---- inventory ----

-- step: locations
CREATE TABLE IF NOT EXISTS locations (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    type BIGINT NOT NULL CHECK (type BETWEEN 1 AND 5),
    address JSONB NOT NULL,
    lat_e6 BIGINT CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lon_e6 BIGINT CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
    tz TEXT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    is_shipping BIGINT NOT NULL CHECK (is_shipping IN (0, 1)),
    is_pickup BIGINT NOT NULL CHECK (is_pickup IN (0, 1)),
    attrs JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: levels
CREATE TABLE IF NOT EXISTS levels (
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    committed BIGINT NOT NULL CHECK (committed >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    damaged BIGINT NOT NULL CHECK (damaged >= 0),
    quality_control BIGINT NOT NULL CHECK (quality_control >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    incoming BIGINT NOT NULL CHECK (incoming >= 0),
    safety_stock BIGINT NOT NULL CHECK (safety_stock >= 0),
    last_movement_id BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK (committed + reserved + damaged + quality_control + held <= on_hand),
    PRIMARY KEY (sku_id, location_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- A changed row stays on its page, so its indexes need not change.
-- step: levels_room
-- only: postgres
ALTER TABLE levels SET (fillfactor = 80)

-- step: levels_location
CREATE INDEX IF NOT EXISTS levels_location ON levels (location_id, sku_id)

-- step: movements
CREATE TABLE IF NOT EXISTS movements (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    prev_id BIGINT NOT NULL,
    type BIGINT NOT NULL,
    bucket_from BIGINT NOT NULL,
    bucket_to BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    reason TEXT,
    ref_kind BIGINT NOT NULL,
    ref_id BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: reservations
CREATE TABLE IF NOT EXISTS reservations (
    owner_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    owner_kind BIGINT NOT NULL,
    owner_n BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    expires_at BIGINT,
    successor_id BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (owner_id, id)
) -- sqlite: STRICT, WITHOUT ROWID

-- ---- routing ----

-- step: channel_locations
CREATE TABLE IF NOT EXISTS channel_locations (
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    rank BIGINT NOT NULL CHECK (rank > 0),
    location_id BIGINT NOT NULL REFERENCES locations (id),
    PRIMARY KEY (channel_id, rank)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: routing_strategies
CREATE TABLE IF NOT EXISTS routing_strategies (
    channel_id BIGINT PRIMARY KEY REFERENCES channels (id),
    version BIGINT NOT NULL CHECK (version > 0)
) -- sqlite: STRICT

-- step: routing_decisions
CREATE TABLE IF NOT EXISTS routing_decisions (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    strategy_version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    doc JSONB NOT NULL
) -- sqlite: STRICT

-- step: routing_decisions_order
CREATE INDEX IF NOT EXISTS routing_decisions_order ON routing_decisions (order_id)

-- ---- order ----

-- step: orders
CREATE TABLE IF NOT EXISTS orders (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    external_id TEXT NOT NULL,
    number TEXT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 7),
    version BIGINT NOT NULL CHECK (version > 0),
    origin BIGINT NOT NULL CHECK (origin IN (1, 2)),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    tax_mode BIGINT NOT NULL CHECK (tax_mode IN (1, 2)),
    lines_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL CHECK (discount_minor >= 0),
    shipping_minor BIGINT NOT NULL CHECK (shipping_minor >= 0),
    fees_minor BIGINT NOT NULL CHECK (fees_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    body_hash BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    doc JSONB NOT NULL
) -- sqlite: STRICT

-- Channels are never deleted and a command reads its channel in the same
-- transaction. To ask again for each row is a third of an insert here, and
-- would have all writers lock the channel's row.
-- step: orders_channel
-- only: postgres
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_channel_id_fkey

-- step: orders_external
-- only: sqlite
CREATE UNIQUE INDEX IF NOT EXISTS orders_external ON orders (channel_id, external_id)

-- step: orders_external
-- only: postgres
CREATE UNIQUE INDEX IF NOT EXISTS orders_external ON orders (bucket, channel_id, external_id)

-- step: order_lines
CREATE TABLE IF NOT EXISTS order_lines (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    sku_code TEXT NOT NULL,
    title TEXT NOT NULL,
    untracked_at BIGINT,
    ordered BIGINT NOT NULL CHECK (ordered > 0),
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    unallocated BIGINT NOT NULL CHECK (unallocated >= 0),
    backordered BIGINT NOT NULL CHECK (backordered >= 0),
    allocated BIGINT NOT NULL CHECK (allocated >= 0),
    picked BIGINT NOT NULL CHECK (picked >= 0),
    shipped BIGINT NOT NULL CHECK (shipped >= 0),
    unit_price_minor BIGINT NOT NULL CHECK (unit_price_minor >= 0),
    discount_minor BIGINT NOT NULL CHECK (discount_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    doc JSONB NOT NULL,
    CHECK (ordered - cancelled = unallocated + backordered + allocated + picked + shipped),
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: order_list
CREATE TABLE IF NOT EXISTS order_list (
    order_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    status BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    number TEXT NOT NULL,
    customer TEXT NOT NULL,
    units BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    backordered BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) -- sqlite: STRICT

-- step: order_list_status
CREATE INDEX IF NOT EXISTS order_list_status ON order_list (status, order_id)

-- step: order_list_channel
CREATE INDEX IF NOT EXISTS order_list_channel ON order_list (channel_id, status, order_id)

-- step: order_counts
CREATE TABLE IF NOT EXISTS order_counts (
    channel_id BIGINT NOT NULL,
    status BIGINT NOT NULL,
    orders BIGINT NOT NULL,
    PRIMARY KEY (channel_id, status)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: order_sales
CREATE TABLE IF NOT EXISTS order_sales (
    quarter_at BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    orders BIGINT NOT NULL,
    units BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    PRIMARY KEY (quarter_at, channel_id, currency)
) -- sqlite: STRICT, WITHOUT ROWID
