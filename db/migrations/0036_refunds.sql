-- Refunds: what is taken off an order, and where its money goes.

-- States 1 pending, 2 succeeded, 3 failed, 4 cancelled. customer_id: whose
-- store credit it becomes; NULL: it goes back to the tenders.
-- step: refunds
CREATE TABLE IF NOT EXISTS refunds (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    shipping BIGINT NOT NULL CHECK (shipping >= 0),
    shipping_tax BIGINT NOT NULL CHECK (shipping_tax >= 0),
    fees BIGINT NOT NULL CHECK (fees >= 0),
    fees_tax BIGINT NOT NULL CHECK (fees_tax >= 0),
    allowance BIGINT NOT NULL CHECK (allowance >= 0),
    customer_id BIGINT,
    reason TEXT,
    reference TEXT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: refunds_order
CREATE INDEX IF NOT EXISTS refunds_order ON refunds (order_id, id)

-- Units it wrote off, and what they came to.
-- step: refund_lines
CREATE TABLE IF NOT EXISTS refund_lines (
    refund_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    tax BIGINT NOT NULL CHECK (tax >= 0),
    PRIMARY KEY (refund_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- What of it each payment gives back.
-- step: refund_parts
CREATE TABLE IF NOT EXISTS refund_parts (
    refund_id BIGINT NOT NULL,
    intent_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (refund_id, intent_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: refund_parts_intent
CREATE INDEX IF NOT EXISTS refund_parts_intent ON refund_parts (intent_id)
