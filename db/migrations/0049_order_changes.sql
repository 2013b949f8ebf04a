-- What is changed of orders after they were placed. NULL is "nothing was
-- added" and "as placed": placing an order writes none of it.

-- Units that changes added; they are among `ordered`.
-- step: order_lines_added
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN added INTEGER

-- step: order_lines_added
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS added BIGINT

-- step: order_lines_unit_price_now
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN unit_price_now INTEGER

-- step: order_lines_unit_price_now
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS unit_price_now BIGINT

-- Units and worth of a line that a change priced anew: parts are of these.
-- step: order_lines_base_units
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN base_units INTEGER

-- step: order_lines_base_units
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS base_units BIGINT

-- step: order_lines_base_total
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN base_total INTEGER

-- step: order_lines_base_total
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS base_total BIGINT

-- step: order_changes
CREATE TABLE IF NOT EXISTS order_changes (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 6),
    order_version BIGINT NOT NULL CHECK (order_version > 0),
    confirmed_version BIGINT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total_before BIGINT,
    total_after BIGINT,
    reason TEXT NOT NULL,
    answer TEXT,
    expires_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((state = 3) = (confirmed_version IS NOT NULL))
) -- sqlite: STRICT

-- step: order_changes_order
CREATE INDEX IF NOT EXISTS order_changes_order ON order_changes (order_id, id)

-- step: order_changes_expiry
CREATE INDEX IF NOT EXISTS order_changes_expiry ON order_changes (expires_at) WHERE state IN (1, 2) AND expires_at IS NOT NULL

-- step: order_change_actions
CREATE TABLE IF NOT EXISTS order_change_actions (
    change_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    type BIGINT NOT NULL CHECK (type BETWEEN 1 AND 20),
    line BIGINT,
    doc JSONB NOT NULL,
    PRIMARY KEY (change_id, n)
) -- sqlite: STRICT, WITHOUT ROWID
