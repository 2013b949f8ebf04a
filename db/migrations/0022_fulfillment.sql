-- Fulfillment orders: what of an order leaves one location, and how far it is.

-- What its fulfillment orders say of an order, for its status: 1 one is on
-- hold, 2 one is scheduled, 4 one is in progress elsewhere.
-- step: orders_fulfil_flags
-- only: sqlite
ALTER TABLE orders ADD COLUMN fulfil_flags INTEGER NOT NULL DEFAULT 0 CHECK (fulfil_flags BETWEEN 0 AND 7)

-- step: orders_fulfil_flags
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS fulfil_flags BIGINT NOT NULL DEFAULT 0 CHECK (fulfil_flags BETWEEN 0 AND 7)

-- step: fulfillment_orders
CREATE TABLE IF NOT EXISTS fulfillment_orders (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    method BIGINT NOT NULL CHECK (method BETWEEN 1 AND 3),
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 7),
    request_status BIGINT NOT NULL CHECK (request_status BETWEEN 1 AND 7),
    hold_reason TEXT,
    fulfil_at BIGINT NOT NULL CHECK (fulfil_at >= 0),
    deadline_at BIGINT NOT NULL CHECK (deadline_at >= 0),
    promise_at BIGINT NOT NULL CHECK (promise_at >= 0),
    is_sticky BIGINT NOT NULL CHECK (is_sticky IN (0, 1)),
    request JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: fulfillment_orders_order
CREATE INDEX IF NOT EXISTS fulfillment_orders_order ON fulfillment_orders (order_id)

-- step: fulfillment_orders_location
CREATE INDEX IF NOT EXISTS fulfillment_orders_location ON fulfillment_orders (location_id, status, id)

-- step: fulfillment_orders_status
CREATE INDEX IF NOT EXISTS fulfillment_orders_status ON fulfillment_orders (status, id)

-- Few rows at any time: what waits for its time.
-- step: fulfillment_orders_due
CREATE INDEX IF NOT EXISTS fulfillment_orders_due ON fulfillment_orders (fulfil_at, id) WHERE status = 1

-- Cumulative: qty >= picked >= packed >= shipped.
-- step: fulfillment_lines
CREATE TABLE IF NOT EXISTS fulfillment_lines (
    fo_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty >= picked),
    picked BIGINT NOT NULL CHECK (picked >= packed),
    packed BIGINT NOT NULL CHECK (packed >= shipped),
    shipped BIGINT NOT NULL CHECK (shipped >= 0),
    PRIMARY KEY (fo_id, n)
) -- sqlite: STRICT, WITHOUT ROWID
