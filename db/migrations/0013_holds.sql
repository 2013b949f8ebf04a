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
