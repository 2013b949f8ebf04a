-- Gateways: accounts with them, payments that are on one, what they are asked.

-- step: gateway_accounts
CREATE TABLE IF NOT EXISTS gateway_accounts (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    gateway TEXT NOT NULL,
    settings JSONB NOT NULL,
    secret TEXT,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- NULL: by hand.
-- step: payment_intents_account
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN account_id INTEGER

-- step: payment_intents_account
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS account_id BIGINT

-- The gateway's own id of the payment.
-- step: payment_intents_gateway_ref
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN gateway_ref TEXT

-- step: payment_intents_gateway_ref
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS gateway_ref TEXT

-- What the buyer pays with, as the gateway knows it; gone once it answered.
-- step: payment_intents_token
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN token TEXT

-- step: payment_intents_token
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS token TEXT

-- step: payment_intents_method
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN method TEXT

-- step: payment_intents_method
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS method TEXT

-- step: payment_intents_expires_at
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN expires_at INTEGER

-- step: payment_intents_expires_at
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS expires_at BIGINT

-- The store in which all that the gateway knows of it was known here last.
-- step: payment_intents_epoch
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN epoch TEXT

-- step: payment_intents_epoch
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS epoch TEXT

-- step: payment_intents_gateway
CREATE INDEX IF NOT EXISTS payment_intents_gateway ON payment_intents (account_id, gateway_ref) WHERE gateway_ref IS NOT NULL

-- step: payment_intents_expiry
CREATE INDEX IF NOT EXISTS payment_intents_expiry ON payment_intents (expires_at) WHERE expires_at IS NOT NULL AND authorized > 0

-- step: payment_calls
CREATE TABLE IF NOT EXISTS payment_calls (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    type BIGINT NOT NULL CHECK (type BETWEEN 1 AND 4),
    amount BIGINT NOT NULL CHECK (amount > 0),
    step TEXT NOT NULL,
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

-- step: payment_calls_due
CREATE INDEX IF NOT EXISTS payment_calls_due ON payment_calls (next_at) WHERE state IN (1, 2, 3, 4)

-- step: payment_calls_payment
CREATE INDEX IF NOT EXISTS payment_calls_payment ON payment_calls (payment_id, id)

-- Nobody asks twice for the same while it is open.
-- step: payment_calls_step
CREATE UNIQUE INDEX IF NOT EXISTS payment_calls_step ON payment_calls (payment_id, type, step) WHERE state IN (1, 2, 3, 4, 7)
