-- Whether work for the outside world may be done. One row, made with the store.
-- The epoch itself stands in meta.

-- step: outbound
CREATE TABLE IF NOT EXISTS outbound (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    is_paused BIGINT NOT NULL CHECK (is_paused IN (0, 1)),
    reason TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0)
) -- sqlite: STRICT
