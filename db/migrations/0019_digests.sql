-- Digests of the event log: a hash over all events so far, each hour, signed
-- with the key file. Nothing can be cut out or altered without its showing.

-- step: log_digests
CREATE TABLE IF NOT EXISTS log_digests (
    n BIGINT PRIMARY KEY,
    made_at BIGINT NOT NULL,
    through_xid BIGINT NOT NULL,
    through_id BIGINT NOT NULL,
    events BIGINT NOT NULL CHECK (events > 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    signature TEXT
) -- sqlite: STRICT

-- How far the next one has come.
-- step: log_digest_state
CREATE TABLE IF NOT EXISTS log_digest_state (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    xid BIGINT NOT NULL,
    id BIGINT NOT NULL,
    events BIGINT NOT NULL,
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) -- sqlite: STRICT
