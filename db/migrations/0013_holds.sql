-- Holds: units set aside for a customer for a while.

-- step: holds
CREATE TABLE IF NOT EXISTS holds (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL CHECK (bucket BETWEEN 0 AND 255),
    channel_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    order_id BIGINT,
    customer TEXT,
    reference TEXT,
    items JSONB NOT NULL,
    CHECK ((state = 1) = (ended_at IS NULL)),
    CHECK ((state = 2) = (order_id IS NOT NULL))
) -- sqlite: STRICT

-- Open holds only, so it stays as small as what is held now; a new hold stands
-- near its right edge, what runs out at its left.
-- step: holds_open
CREATE INDEX IF NOT EXISTS holds_open ON holds (expires_at, id) WHERE state = 1

-- ---- drops ----

-- step: skus_is_drop
-- only: sqlite
ALTER TABLE skus ADD COLUMN is_drop INTEGER NOT NULL DEFAULT 0 CHECK (is_drop IN (0, 1))

-- step: skus_is_drop
-- only: postgres
ALTER TABLE skus ADD COLUMN IF NOT EXISTS is_drop BIGINT NOT NULL DEFAULT 0 CHECK (is_drop IN (0, 1))

-- step: drops
CREATE TABLE IF NOT EXISTS drops (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    sku_id BIGINT NOT NULL REFERENCES skus (id),
    channel_id BIGINT REFERENCES channels (id),
    customer_cap BIGINT NOT NULL CHECK (customer_cap > 0),
    greatest_cap BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    offer_ttl_s BIGINT NOT NULL CHECK (offer_ttl_s >= 0),
    waiting BIGINT NOT NULL CHECK (waiting >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK (greatest_cap >= customer_cap)
) -- sqlite: STRICT

-- step: drops_sku
CREATE INDEX IF NOT EXISTS drops_sku ON drops (sku_id, ends_at)

-- step: drops_waiting
CREATE INDEX IF NOT EXISTS drops_waiting ON drops (id) WHERE waiting > 0

-- Who holds or bought units of a drop; how many, their reservations say.
-- step: drop_claims
CREATE TABLE IF NOT EXISTS drop_claims (
    drop_id BIGINT NOT NULL,
    customer_key BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    owner_kind BIGINT NOT NULL CHECK (owner_kind IN (1, 2)),
    PRIMARY KEY (drop_id, customer_key, owner_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: drop_waiting
CREATE TABLE IF NOT EXISTS drop_waiting (
    id BIGINT PRIMARY KEY,
    drop_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    customer TEXT NOT NULL,
    customer_key BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    hold_id BIGINT,
    joined_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((state = 2) = (hold_id IS NOT NULL))
) -- sqlite: STRICT

-- step: drop_waiting_line
CREATE INDEX IF NOT EXISTS drop_waiting_line ON drop_waiting (drop_id, id) WHERE state = 1

-- step: drop_waiting_customer
CREATE UNIQUE INDEX IF NOT EXISTS drop_waiting_customer ON drop_waiting (drop_id, customer_key) WHERE state = 1

-- step: drop_waiting_all
CREATE INDEX IF NOT EXISTS drop_waiting_all ON drop_waiting (drop_id, id)
