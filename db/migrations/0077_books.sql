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
