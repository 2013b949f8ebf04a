-- Units that wait: who is served first, what is on its way for whom, and what
-- was promised.

-- step: backorder_lines_rank
-- only: sqlite
ALTER TABLE backorder_lines ADD COLUMN rank INTEGER NOT NULL DEFAULT 0 CHECK (rank BETWEEN -100 AND 100)

-- step: backorder_lines_rank
-- only: postgres
ALTER TABLE backorder_lines ADD COLUMN IF NOT EXISTS rank BIGINT NOT NULL DEFAULT 0 CHECK (rank BETWEEN -100 AND 100)

-- step: backorder_lines_channel
-- only: sqlite
ALTER TABLE backorder_lines ADD COLUMN channel_id INTEGER NOT NULL DEFAULT 0

-- step: backorder_lines_channel
-- only: postgres
ALTER TABLE backorder_lines ADD COLUMN IF NOT EXISTS channel_id BIGINT NOT NULL DEFAULT 0

-- When all units of the line are expected; 0: nobody knows.
-- step: backorder_lines_promise
-- only: sqlite
ALTER TABLE backorder_lines ADD COLUMN promise_at INTEGER NOT NULL DEFAULT 0 CHECK (promise_at >= 0)

-- step: backorder_lines_promise
-- only: postgres
ALTER TABLE backorder_lines ADD COLUMN IF NOT EXISTS promise_at BIGINT NOT NULL DEFAULT 0 CHECK (promise_at >= 0)

-- In the order in which they are served.
-- step: backorder_lines_queue
CREATE INDEX IF NOT EXISTS backorder_lines_queue ON backorder_lines (sku_id, rank, order_id, n)

-- Units of a line and the supply they will come from; supply 0 is the shelf,
-- for components of kits alone.
-- step: pegs
CREATE TABLE IF NOT EXISTS pegs (
    sku_id BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    supply_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    PRIMARY KEY (sku_id, rank, order_id, n, supply_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- SKUs whose queue is to be walked, from where on: to serve it (kind 1) or to
-- peg it anew (2). Empty but for moments.
-- step: wait_turns
CREATE TABLE IF NOT EXISTS wait_turns (
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    sku_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    stamp BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (kind, sku_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Orders that wait, and what they were told.
-- step: order_waits
CREATE TABLE IF NOT EXISTS order_waits (
    order_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    priority BIGINT NOT NULL CHECK (priority BETWEEN -100 AND 100),
    promise_at BIGINT NOT NULL CHECK (promise_at >= 0),
    is_stale BIGINT NOT NULL CHECK (is_stale IN (0, 1)),
    is_missed BIGINT NOT NULL CHECK (is_missed IN (0, 1))
) -- sqlite: STRICT

-- step: order_waits_stale
CREATE INDEX IF NOT EXISTS order_waits_stale ON order_waits (order_id) WHERE is_stale = 1

-- step: order_waits_due
CREATE INDEX IF NOT EXISTS order_waits_due ON order_waits (promise_at) WHERE promise_at > 0 AND is_missed = 0
