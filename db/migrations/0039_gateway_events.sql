-- What gateways tell by themselves: each event once, as it came.

-- step: gateway_events
CREATE TABLE IF NOT EXISTS gateway_events (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    body TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 5),
    payment_id BIGINT,
    transaction_n BIGINT,
    awaits TEXT,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (account_id, event_id),
    CHECK ((state IN (1, 2)) = (ended_at IS NULL)),
    CHECK (state <> 3 OR (payment_id IS NOT NULL AND transaction_n IS NOT NULL))
) -- sqlite: STRICT

-- step: gateway_events_due
CREATE INDEX IF NOT EXISTS gateway_events_due ON gateway_events (next_at, id) WHERE state IN (1, 2)

-- step: gateway_events_account
CREATE INDEX IF NOT EXISTS gateway_events_account ON gateway_events (account_id, id)

-- Those that are parked, by what they wait for.
-- step: gateway_events_awaits
CREATE INDEX IF NOT EXISTS gateway_events_awaits ON gateway_events (account_id, awaits) WHERE state = 2

-- step: gateway_events_ended
CREATE INDEX IF NOT EXISTS gateway_events_ended ON gateway_events (ended_at) WHERE ended_at IS NOT NULL
