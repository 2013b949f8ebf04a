-- What of a call is known besides its state: that it takes the place of what is
-- promised, that what its gateway did meanwhile was recorded first, and which
-- transaction it was where that was told before as from outside.

-- step: payment_calls_renews
-- only: sqlite
ALTER TABLE payment_calls ADD COLUMN renews INTEGER NOT NULL DEFAULT 0 CHECK (renews IN (0, 1))

-- step: payment_calls_renews
-- only: postgres
ALTER TABLE payment_calls ADD COLUMN IF NOT EXISTS renews BIGINT NOT NULL DEFAULT 0 CHECK (renews IN (0, 1))

-- step: payment_calls_overtaken
-- only: sqlite
ALTER TABLE payment_calls ADD COLUMN overtaken INTEGER NOT NULL DEFAULT 0 CHECK (overtaken IN (0, 1))

-- step: payment_calls_overtaken
-- only: postgres
ALTER TABLE payment_calls ADD COLUMN IF NOT EXISTS overtaken BIGINT NOT NULL DEFAULT 0 CHECK (overtaken IN (0, 1))

-- step: payment_calls_transaction_n
-- only: sqlite
ALTER TABLE payment_calls ADD COLUMN transaction_n INTEGER

-- step: payment_calls_transaction_n
-- only: postgres
ALTER TABLE payment_calls ADD COLUMN IF NOT EXISTS transaction_n BIGINT
