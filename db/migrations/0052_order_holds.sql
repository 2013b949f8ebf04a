-- Holds of orders and their lines; line 0 is the whole order.

-- step: order_holds
CREATE TABLE IF NOT EXISTS order_holds (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    line BIGINT NOT NULL CHECK (line >= 0),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    reason BIGINT NOT NULL CHECK (reason BETWEEN 1 AND 20),
    note TEXT,
    until BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL
) -- sqlite: STRICT

-- step: order_holds_order
CREATE INDEX IF NOT EXISTS order_holds_order ON order_holds (order_id, id)

-- step: order_holds_live
CREATE INDEX IF NOT EXISTS order_holds_live ON order_holds (order_id, line) WHERE state = 1

-- step: order_holds_state
CREATE INDEX IF NOT EXISTS order_holds_state ON order_holds (state, id)

-- step: order_holds_until
CREATE INDEX IF NOT EXISTS order_holds_until ON order_holds (until) WHERE state = 1 AND until IS NOT NULL
