-- Invoices, the numbers they take, and what was billed of an order.

-- A legal entity's numbers; no number is ever left out.
-- step: invoice_series
CREATE TABLE IF NOT EXISTS invoice_series (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL UNIQUE,
    credit_prefix TEXT NOT NULL UNIQUE,
    next BIGINT NOT NULL CHECK (next > 0),
    credit_next BIGINT NOT NULL CHECK (credit_next > 0),
    seller JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    CHECK (prefix <> credit_prefix)
) -- sqlite: STRICT

-- When orders of a channel are invoiced: 1 by hand, 2 confirmed, 3 shipped,
-- 4 paid.
-- step: invoice_rules
CREATE TABLE IF NOT EXISTS invoice_rules (
    channel_id BIGINT PRIMARY KEY,
    series_id BIGINT NOT NULL,
    issue_on BIGINT NOT NULL CHECK (issue_on BETWEEN 1 AND 4),
    version BIGINT NOT NULL CHECK (version > 0)
) -- sqlite: STRICT

-- step: invoices
CREATE TABLE IF NOT EXISTS invoices (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    series_id BIGINT NOT NULL,
    number TEXT,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    issued_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    doc JSONB NOT NULL,
    CHECK ((state = 1) = (number IS NULL)),
    CHECK ((state = 1) = (issued_at IS NULL))
) -- sqlite: STRICT

-- step: invoices_order
CREATE INDEX IF NOT EXISTS invoices_order ON invoices (order_id, id)

-- One draft of an order at a time.
-- step: invoices_draft
CREATE UNIQUE INDEX IF NOT EXISTS invoices_draft ON invoices (order_id) WHERE state = 1

-- Every document that bills (1) or credits (2) an order, as issued.
-- step: bills
CREATE TABLE IF NOT EXISTS bills (
    document_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    series_id BIGINT NOT NULL,
    series_n BIGINT NOT NULL CHECK (series_n > 0),
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    worth_minor BIGINT NOT NULL
) -- sqlite: STRICT

-- step: bills_number
CREATE UNIQUE INDEX IF NOT EXISTS bills_number ON bills (series_id, kind, series_n)

-- step: bills_order
CREATE UNIQUE INDEX IF NOT EXISTS bills_order ON bills (order_id, seq)

-- Its parts: a line of the order, 0 shipping and fees, -1 goodwill.
-- step: bill_parts
CREATE TABLE IF NOT EXISTS bill_parts (
    document_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n >= -1),
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    qty BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    PRIMARY KEY (document_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: bill_parts_order
CREATE INDEX IF NOT EXISTS bill_parts_order ON bill_parts (order_id, n)
