-- Orders before they are placed, the companies they are for, and when a
-- payment is due.

-- step: payment_intents_due_at
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN due_at INTEGER

-- step: payment_intents_due_at
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS due_at BIGINT

-- NULL: no limit, no terms, nothing needs a yes.
-- step: companies
CREATE TABLE IF NOT EXISTS companies (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    name TEXT NOT NULL,
    tax_id TEXT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    credit_limit BIGINT CHECK (credit_limit >= 0),
    terms_days BIGINT CHECK (terms_days BETWEEN 0 AND 365),
    approval_over BIGINT CHECK (approval_over >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: company_prices
CREATE TABLE IF NOT EXISTS company_prices (
    company_id BIGINT NOT NULL,
    sku_code TEXT NOT NULL,
    bucket BIGINT NOT NULL,
    unit_price BIGINT NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (company_id, sku_code)
) -- sqlite: STRICT, WITHOUT ROWID

-- settled_version: of its order, which owed nothing then.
-- step: drafts
CREATE TABLE IF NOT EXISTS drafts (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 10),
    company_id BIGINT,
    customer_id BIGINT,
    order_id BIGINT,
    settled_version BIGINT,
    quote_number BIGINT,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total BIGINT NOT NULL CHECK (total >= 0),
    po_number TEXT,
    terms_days BIGINT CHECK (terms_days BETWEEN 0 AND 365),
    valid_until BIGINT,
    answer TEXT,
    body JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((state = 9) = (order_id IS NOT NULL))
) -- sqlite: STRICT

-- step: drafts_state
CREATE INDEX IF NOT EXISTS drafts_state ON drafts (state, id)

-- step: drafts_company
CREATE INDEX IF NOT EXISTS drafts_company ON drafts (company_id, id) WHERE company_id IS NOT NULL

-- step: drafts_customer
CREATE INDEX IF NOT EXISTS drafts_customer ON drafts (customer_id) WHERE customer_id IS NOT NULL

-- step: drafts_order
CREATE UNIQUE INDEX IF NOT EXISTS drafts_order ON drafts (order_id) WHERE order_id IS NOT NULL

-- step: drafts_quote
CREATE UNIQUE INDEX IF NOT EXISTS drafts_quote ON drafts (quote_number) WHERE quote_number IS NOT NULL

-- step: drafts_valid
CREATE INDEX IF NOT EXISTS drafts_valid ON drafts (valid_until) WHERE state IN (5, 6)

-- step: quote_numbers
CREATE TABLE IF NOT EXISTS quote_numbers (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
) -- sqlite: STRICT
