-- Gift cards and store credit: accounts whose balance is the sum of entries
-- that are only added.

-- kind: 1 a gift card, 2 store credit of a customer in a currency.
-- step: credit_accounts
CREATE TABLE IF NOT EXISTS credit_accounts (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    balance BIGINT NOT NULL CHECK (balance >= 0),
    code_hash TEXT,
    code_end TEXT,
    customer_id BIGINT,
    expires_at BIGINT,
    disabled_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: credit_accounts_code
CREATE UNIQUE INDEX IF NOT EXISTS credit_accounts_code ON credit_accounts (code_hash)

-- step: credit_accounts_customer
CREATE UNIQUE INDEX IF NOT EXISTS credit_accounts_customer ON credit_accounts (customer_id, currency)

-- Append-only. kind: 1 issued, 2 adjusted, 3 paid with, 4 given back,
-- 5 given back from another tender.
-- step: credit_entries
CREATE TABLE IF NOT EXISTS credit_entries (
    account_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 5),
    amount BIGINT NOT NULL CHECK (amount <> 0),
    order_id BIGINT,
    intent_id BIGINT,
    refund_id BIGINT,
    reference TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (account_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: credit_entries_intent
CREATE INDEX IF NOT EXISTS credit_entries_intent ON credit_entries (intent_id) WHERE intent_id IS NOT NULL

-- A payment with credit: its account, and the tender in the place of the other
-- column, which knows only what is kept elsewhere.
-- step: payment_intents_credit_id
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN credit_id INTEGER

-- step: payment_intents_credit_id
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS credit_id BIGINT

-- step: payment_intents_credit_tender
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN credit_tender INTEGER CHECK (credit_tender IN (5, 6))

-- step: payment_intents_credit_tender
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS credit_tender BIGINT CHECK (credit_tender IN (5, 6))
