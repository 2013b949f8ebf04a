-- Locations that closed, until what waits there has gone elsewhere.

-- step: fulfillment_closures
CREATE TABLE IF NOT EXISTS fulfillment_closures (
    location_id BIGINT PRIMARY KEY,
    after_id BIGINT NOT NULL
) -- sqlite: STRICT

-- Locations that said no to a line of an order, or could not find its units:
-- it is not sent from there again.
-- step: order_bars
CREATE TABLE IF NOT EXISTS order_bars (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    location_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    PRIMARY KEY (order_id, n, location_id)
) -- sqlite: STRICT, WITHOUT ROWID
