-- When what was promised is looked at next: to have it promised anew in time, or
-- to see that it lapsed.

-- step: gateway_accounts_renew_hours
-- only: sqlite
ALTER TABLE gateway_accounts ADD COLUMN renew_hours INTEGER NOT NULL DEFAULT 24 CHECK (renew_hours BETWEEN 0 AND 720)

-- step: gateway_accounts_renew_hours
-- only: postgres
ALTER TABLE gateway_accounts ADD COLUMN IF NOT EXISTS renew_hours BIGINT NOT NULL DEFAULT 24 CHECK (renew_hours BETWEEN 0 AND 720)

-- step: payment_intents_watch_at
-- only: sqlite
ALTER TABLE payment_intents ADD COLUMN watch_at INTEGER

-- step: payment_intents_watch_at
-- only: postgres
ALTER TABLE payment_intents ADD COLUMN IF NOT EXISTS watch_at BIGINT

-- step: payment_intents_watched
UPDATE payment_intents SET watch_at = expires_at WHERE authorized > 0 AND expires_at IS NOT NULL

-- step: payment_intents_watch
CREATE INDEX IF NOT EXISTS payment_intents_watch ON payment_intents (watch_at) WHERE watch_at IS NOT NULL

-- step: payment_intents_expiry
DROP INDEX IF EXISTS payment_intents_expiry
