-- Orders that leave in parts over time: an agreement and its releases, each of
-- which becomes an order on its day.

-- step: blankets
CREATE TABLE IF NOT EXISTS blankets (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 5),
    company_id BIGINT,
    customer_id BIGINT,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total BIGINT NOT NULL CHECK (total >= 0),
    po_number TEXT,
    terms_days BIGINT CHECK (terms_days BETWEEN 0 AND 365),
    reserve_days BIGINT NOT NULL CHECK (reserve_days BETWEEN 0 AND 365),
    body JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: blankets_state
CREATE INDEX IF NOT EXISTS blankets_state ON blankets (state, id)

-- step: blankets_company
CREATE INDEX IF NOT EXISTS blankets_company ON blankets (company_id, id) WHERE company_id IS NOT NULL

-- step: blankets_customer
CREATE INDEX IF NOT EXISTS blankets_customer ON blankets (customer_id) WHERE customer_id IS NOT NULL

-- try_at: when it is placed, or tried again; NULL where it is not to be.
-- step: blanket_releases
CREATE TABLE IF NOT EXISTS blanket_releases (
    blanket_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    ship_at BIGINT NOT NULL,
    try_at BIGINT,
    draft_id BIGINT,
    order_id BIGINT,
    code TEXT,
    field TEXT,
    detail TEXT,
    doc JSONB,
    PRIMARY KEY (blanket_id, n),
    CHECK ((state = 2) = (order_id IS NOT NULL)),
    CHECK (try_at IS NULL OR state = 1)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: blanket_releases_due
CREATE INDEX IF NOT EXISTS blanket_releases_due ON blanket_releases (try_at) WHERE try_at IS NOT NULL

-- step: blanket_releases_order
CREATE UNIQUE INDEX IF NOT EXISTS blanket_releases_order ON blanket_releases (order_id) WHERE order_id IS NOT NULL
