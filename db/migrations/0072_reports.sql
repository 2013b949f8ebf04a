-- What reports add up: sums of facts by quarter of an hour, so that a day may
-- begin wherever a zone on earth says. Kept by a consumer of the log.

-- step: report_sums
CREATE TABLE IF NOT EXISTS report_sums (
    fact BIGINT NOT NULL CHECK (fact > 0),
    quarter_at BIGINT NOT NULL,
    of_id BIGINT NOT NULL,
    part TEXT NOT NULL,
    currency TEXT NOT NULL,
    n BIGINT NOT NULL,
    units BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (fact, quarter_at, of_id, part, currency)
) -- sqlite: STRICT, WITHOUT ROWID

-- Who bought most between two days.
-- step: customer_orders_placed
CREATE INDEX IF NOT EXISTS customer_orders_placed ON customer_orders (placed_at)
