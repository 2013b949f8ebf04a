-- Labels whose carriers are asked for prices before one is taken: what was
-- wished, and until when answers are waited for.
-- step: label_wishes
CREATE TABLE IF NOT EXISTS label_wishes (
    label_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    account TEXT NOT NULL,
    service TEXT NOT NULL,
    mode BIGINT NOT NULL CHECK (mode BETWEEN 1 AND 3),
    until BIGINT NOT NULL
) -- sqlite: STRICT

-- step: label_wishes_until
CREATE INDEX IF NOT EXISTS label_wishes_until ON label_wishes (until)

-- What they answered, until one is taken. Without a service: it refused.
-- step: label_rates
CREATE TABLE IF NOT EXISTS label_rates (
    label_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    service TEXT NOT NULL,
    currency TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    days BIGINT NOT NULL CHECK (days >= -1),
    PRIMARY KEY (label_id, account_id, service)
) -- sqlite: STRICT
