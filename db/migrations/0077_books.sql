-- What a currency was worth in that of the books from a moment on: billionths of
-- a unit for one unit. Never changed; the first one says what the books are in.

-- step: fx_rates
CREATE TABLE IF NOT EXISTS fx_rates (
    id BIGINT PRIMARY KEY,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    books TEXT NOT NULL CHECK (length(books) = 3),
    rate BIGINT NOT NULL CHECK (rate > 0),
    valid_from BIGINT NOT NULL,
    source TEXT,
    created_at BIGINT NOT NULL,
    CHECK (currency <> books)
) -- sqlite: STRICT

-- step: fx_rates_from
CREATE UNIQUE INDEX IF NOT EXISTS fx_rates_from ON fx_rates (currency, valid_from)

-- What a transaction moved in the currency of the books: a capture at the rate
-- that was valid then, what goes back at those of the captures that it is of.
-- Open: not known yet.
-- step: payment_exchanges
CREATE TABLE IF NOT EXISTS payment_exchanges (
    intent_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
    rate BIGINT NOT NULL CHECK (rate >= 0),
    amount BIGINT NOT NULL,
    PRIMARY KEY (intent_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: payment_exchanges_open
CREATE INDEX IF NOT EXISTS payment_exchanges_open ON payment_exchanges (intent_id) WHERE is_open = 1

-- Double entry, from what was billed, paid and kept for buyers. Kind: what it
-- is about, 1 invoice, 2 credit note, 3 payment, 4 gift card, 5 store credit;
-- what: the transaction's type, the credit entry's kind, or 0.
-- step: journal_entries
CREATE TABLE IF NOT EXISTS journal_entries (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 5),
    source_id BIGINT NOT NULL,
    source_n BIGINT NOT NULL CHECK (source_n >= 0),
    what BIGINT NOT NULL,
    order_id BIGINT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    at BIGINT NOT NULL,
    event_id BIGINT NOT NULL
) -- sqlite: STRICT

-- step: journal_entries_source
CREATE UNIQUE INDEX IF NOT EXISTS journal_entries_source ON journal_entries (source_id, source_n, kind)

-- step: journal_entries_order
CREATE INDEX IF NOT EXISTS journal_entries_order ON journal_entries (order_id, id) WHERE order_id IS NOT NULL

-- step: journal_lines
CREATE TABLE IF NOT EXISTS journal_lines (
    entry_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    account TEXT NOT NULL,
    debit BIGINT NOT NULL CHECK (debit >= 0),
    credit BIGINT NOT NULL CHECK (credit >= 0),
    PRIMARY KEY (entry_id, n),
    CHECK ((debit = 0) <> (credit = 0))
) -- sqlite: STRICT, WITHOUT ROWID

-- Orders are billed as parcels leave, each time what left; what was billed so
-- goes on so.
-- step: invoice_rules_by_part
-- only: sqlite
ALTER TABLE invoice_rules ADD COLUMN is_by_part INTEGER NOT NULL DEFAULT 0 CHECK (is_by_part IN (0, 1))

-- step: invoice_rules_by_part
-- only: postgres
ALTER TABLE invoice_rules ADD COLUMN IF NOT EXISTS is_by_part BIGINT NOT NULL DEFAULT 0 CHECK (is_by_part IN (0, 1))

-- step: bills_by_part
-- only: sqlite
ALTER TABLE bills ADD COLUMN is_by_part INTEGER NOT NULL DEFAULT 0 CHECK (is_by_part IN (0, 1))

-- step: bills_by_part
-- only: postgres
ALTER TABLE bills ADD COLUMN IF NOT EXISTS is_by_part BIGINT NOT NULL DEFAULT 0 CHECK (is_by_part IN (0, 1))
