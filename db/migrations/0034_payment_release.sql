-- When orders of a channel may leave: 1 always, 2 once the money is promised,
-- 3 once it is taken.

-- step: channels_payment_release
-- only: sqlite
ALTER TABLE channels ADD COLUMN payment_release INTEGER NOT NULL DEFAULT 1 CHECK (payment_release BETWEEN 1 AND 3)

-- step: channels_payment_release
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS payment_release BIGINT NOT NULL DEFAULT 1 CHECK (payment_release BETWEEN 1 AND 3)
