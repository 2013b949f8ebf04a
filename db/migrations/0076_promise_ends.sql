-- Until when each promise of a payment stands; 0: no end was told, NULL: it was
-- not kept.

-- step: payment_transactions_expires_at
-- only: sqlite
ALTER TABLE payment_transactions ADD COLUMN expires_at INTEGER

-- step: payment_transactions_expires_at
-- only: postgres
ALTER TABLE payment_transactions ADD COLUMN IF NOT EXISTS expires_at BIGINT
