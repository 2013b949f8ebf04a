-- Rules that score orders for fraud, by channel; scores; and what orders are
-- counted by.

-- step: score_policies
CREATE TABLE IF NOT EXISTS score_policies (
    channel_id BIGINT PRIMARY KEY,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    doc JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: order_scores
CREATE TABLE IF NOT EXISTS order_scores (
    order_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    score BIGINT NOT NULL CHECK (score >= 0),
    threshold BIGINT NOT NULL CHECK (threshold > 0),
    policy_version BIGINT NOT NULL CHECK (policy_version > 0),
    hits JSONB NOT NULL,
    hold_id BIGINT,
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- Hashes alone, gone after thirty days. Those of one key lie in one bucket.
-- step: order_score_keys
CREATE TABLE IF NOT EXISTS order_score_keys (
    key BIGINT NOT NULL,
    at BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    PRIMARY KEY (key, at, order_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: order_score_keys_order
CREATE INDEX IF NOT EXISTS order_score_keys_order ON order_score_keys (order_id)

-- step: order_score_keys_at
CREATE INDEX IF NOT EXISTS order_score_keys_at ON order_score_keys (at)
