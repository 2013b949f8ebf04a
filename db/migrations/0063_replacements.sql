-- Units sent once more for such that came to nothing, without a price.

-- step: order_replacements
CREATE TABLE IF NOT EXISTS order_replacements (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    of_n BIGINT NOT NULL CHECK (of_n > 0 AND of_n < n),
    qty BIGINT NOT NULL CHECK (qty > 0),
    cause BIGINT NOT NULL CHECK (cause BETWEEN 1 AND 4),
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID
