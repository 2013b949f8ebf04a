-- Disputes: what buyers' banks take back. A chargeback, its return and its loss
-- are transactions of the payment that name their dispute; state and sums of a
-- dispute fold from them.

-- step: payment_disputes
CREATE TABLE IF NOT EXISTS payment_disputes (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    gateway_ref TEXT,
    reason TEXT,
    due_at BIGINT,
    answer TEXT,
    answered_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: payment_disputes_payment
CREATE INDEX IF NOT EXISTS payment_disputes_payment ON payment_disputes (payment_id, id)

-- 9: a dispute was lost. SQLite cannot widen a check: the table is made anew.
-- step: payment_transactions_made
-- only: sqlite
CREATE TABLE payment_transactions_made (
    intent_id INTEGER NOT NULL,
    n INTEGER NOT NULL CHECK (n > 0),
    bucket INTEGER NOT NULL,
    type INTEGER NOT NULL CHECK (type BETWEEN 1 AND 9),
    origin INTEGER NOT NULL CHECK (origin IN (1, 2)),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    event_key TEXT,
    reference TEXT,
    occurred_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    dispute_id INTEGER,
    PRIMARY KEY (intent_id, n)
) STRICT, WITHOUT ROWID

-- step: payment_transactions_copied
-- only: sqlite
INSERT INTO payment_transactions_made SELECT intent_id, n, bucket, type, origin, amount, event_key, reference, occurred_at, received_at, NULL FROM payment_transactions

-- step: payment_transactions_dropped
-- only: sqlite
DROP TABLE payment_transactions

-- step: payment_transactions_renamed
-- only: sqlite
ALTER TABLE payment_transactions_made RENAME TO payment_transactions

-- step: payment_transactions_event_again
-- only: sqlite
CREATE UNIQUE INDEX payment_transactions_event ON payment_transactions (intent_id, event_key)

-- step: payment_transactions_dispute
-- only: postgres
ALTER TABLE payment_transactions ADD COLUMN IF NOT EXISTS dispute_id BIGINT

-- step: payment_transactions_types
-- only: postgres
ALTER TABLE payment_transactions DROP CONSTRAINT IF EXISTS payment_transactions_type_check, ADD CONSTRAINT payment_transactions_type_check CHECK (type BETWEEN 1 AND 9)
