-- Payments: what somebody pays an order with, and what became of it.

-- step: payment_intents
CREATE TABLE IF NOT EXISTS payment_intents (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    tender BIGINT NOT NULL CHECK (tender BETWEEN 1 AND 4),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 7),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    amount BIGINT NOT NULL CHECK (amount > 0),
    pending BIGINT NOT NULL CHECK (pending >= 0),
    authorized BIGINT NOT NULL CHECK (authorized >= 0),
    captured BIGINT NOT NULL CHECK (captured >= 0),
    refunded BIGINT NOT NULL CHECK (refunded >= 0),
    disputed BIGINT NOT NULL CHECK (disputed >= 0),
    reference TEXT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: payment_intents_order
CREATE INDEX IF NOT EXISTS payment_intents_order ON payment_intents (order_id, id)

-- Append-only: state and sums of a payment fold from them.
-- step: payment_transactions
CREATE TABLE IF NOT EXISTS payment_transactions (
    intent_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    type BIGINT NOT NULL CHECK (type BETWEEN 1 AND 8),
    origin BIGINT NOT NULL CHECK (origin IN (1, 2)),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    event_key TEXT,
    reference TEXT,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (intent_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: payment_transactions_event
CREATE UNIQUE INDEX IF NOT EXISTS payment_transactions_event ON payment_transactions (intent_id, event_key)
