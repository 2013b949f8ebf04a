-- Who computes the taxes of a channel instead of the tables. On failure: 1 the
-- price is refused, 2 the tables stand in.

-- step: tax_engines
CREATE TABLE IF NOT EXISTS tax_engines (
    channel_id BIGINT PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT,
    on_failure BIGINT NOT NULL CHECK (on_failure IN (1, 2)),
    timeout_ms BIGINT NOT NULL CHECK (timeout_ms > 0),
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT
