-- Goods that come back for other goods, in one order.

-- Lines that leave only once somebody says so: no fulfillment order opens for
-- them before.
-- step: order_gates
CREATE TABLE IF NOT EXISTS order_gates (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- The lines that it adds are actions as those of a change.
-- step: exchanges
CREATE TABLE IF NOT EXISTS exchanges (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    return_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 7),
    order_version BIGINT NOT NULL CHECK (order_version > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    reason TEXT NOT NULL,
    first_line BIGINT,
    confirmed_version BIGINT,
    total_before BIGINT,
    total_after BIGINT,
    settled_at BIGINT,
    is_unsettled BIGINT NOT NULL CHECK (is_unsettled IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((first_line IS NULL) = (confirmed_version IS NULL))
) -- sqlite: STRICT

-- step: exchanges_order
CREATE INDEX IF NOT EXISTS exchanges_order ON exchanges (order_id, id)

-- step: exchanges_return
CREATE INDEX IF NOT EXISTS exchanges_return ON exchanges (return_id, id)
