-- Webhooks out: endpoints, each with its own cursor in the log, and what is
-- under way to them. The log is the queue: only a window of it stands in
-- deliveries, however long an endpoint is down.

-- step: webhooks
CREATE TABLE IF NOT EXISTS webhooks (
    id BIGINT PRIMARY KEY,
    url TEXT NOT NULL,
    types TEXT NOT NULL,
    description TEXT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    disabled_reason TEXT CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_until BIGINT,
    cursor_xid BIGINT NOT NULL,
    cursor_id BIGINT NOT NULL,
    cursor_seq BIGINT NOT NULL,
    taken BIGINT NOT NULL CHECK (taken >= 0),
    failing_since BIGINT,
    last_attempt_at BIGINT,
    last_success_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    lease_owner BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK ((old_secret IS NULL) = (old_until IS NULL)),
    CHECK ((disabled_reason IS NULL) = (is_active = 1))
) -- sqlite: STRICT

-- step: deliveries
CREATE TABLE IF NOT EXISTS deliveries (
    webhook_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    duration_ms BIGINT,
    PRIMARY KEY (webhook_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: deliveries_event
CREATE UNIQUE INDEX IF NOT EXISTS deliveries_event ON deliveries (webhook_id, event_id)

-- step: deliveries_open
CREATE INDEX IF NOT EXISTS deliveries_open ON deliveries (webhook_id, n) WHERE state IN (1, 3)
