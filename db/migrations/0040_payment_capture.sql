-- When what gateways promised is taken: 1 by hand, 2 on confirming, 3 as the
-- units leave.

-- step: channels_payment_capture
-- only: sqlite
ALTER TABLE channels ADD COLUMN payment_capture INTEGER NOT NULL DEFAULT 1 CHECK (payment_capture BETWEEN 1 AND 3)

-- step: channels_payment_capture
-- only: postgres
ALTER TABLE channels ADD COLUMN IF NOT EXISTS payment_capture BIGINT NOT NULL DEFAULT 1 CHECK (payment_capture BETWEEN 1 AND 3)
