-- Up to where events before a replay's time are passed over.

-- step: webhooks_replay_since
-- only: sqlite
ALTER TABLE webhooks ADD COLUMN replay_since INTEGER NOT NULL DEFAULT 0

-- step: webhooks_replay_since
-- only: postgres
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS replay_since BIGINT NOT NULL DEFAULT 0

-- step: webhooks_replay_xid
-- only: sqlite
ALTER TABLE webhooks ADD COLUMN replay_xid INTEGER NOT NULL DEFAULT 0

-- step: webhooks_replay_xid
-- only: postgres
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS replay_xid BIGINT NOT NULL DEFAULT 0

-- step: webhooks_replay_id
-- only: sqlite
ALTER TABLE webhooks ADD COLUMN replay_id INTEGER NOT NULL DEFAULT 0

-- step: webhooks_replay_id
-- only: postgres
ALTER TABLE webhooks ADD COLUMN IF NOT EXISTS replay_id BIGINT NOT NULL DEFAULT 0
