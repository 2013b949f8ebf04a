-- What carriers tell us by themselves: the message as it came, once, and the
-- facts in it until their parcel takes them.

-- State: 1 waits to be read, 2 read, 3 unreadable. The body goes when it is read.
-- step: carrier_hooks
CREATE TABLE IF NOT EXISTS carrier_hooks (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES carrier_accounts (id),
    hook_id TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: carrier_hooks_once
CREATE UNIQUE INDEX IF NOT EXISTS carrier_hooks_once ON carrier_hooks (account_id, hook_id)

-- step: carrier_hooks_waiting
CREATE INDEX IF NOT EXISTS carrier_hooks_waiting ON carrier_hooks (id) WHERE state = 1

-- Facts whose parcel has not taken them: it is not known yet (error is empty),
-- or refused them.
-- step: carrier_facts
CREATE TABLE IF NOT EXISTS carrier_facts (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES carrier_accounts (id),
    tracking TEXT NOT NULL,
    code BIGINT NOT NULL CHECK (code BETWEEN 1 AND 15),
    raw TEXT NOT NULL,
    place TEXT NOT NULL,
    event_key TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    tries BIGINT NOT NULL CHECK (tries >= 0),
    next_at BIGINT NOT NULL,
    error TEXT NOT NULL
) -- sqlite: STRICT

-- step: carrier_facts_tracking
CREATE INDEX IF NOT EXISTS carrier_facts_tracking ON carrier_facts (account_id, tracking)

-- step: carrier_facts_due
CREATE INDEX IF NOT EXISTS carrier_facts_due ON carrier_facts (next_at)
