-- Orders of the time before, and the credit notes that came with them.

-- step: orders_is_history
-- only: sqlite
ALTER TABLE orders ADD COLUMN is_history INTEGER NOT NULL DEFAULT 0 CHECK (is_history IN (0, 1))

-- step: orders_is_history
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS is_history BIGINT NOT NULL DEFAULT 0 CHECK (is_history IN (0, 1))

-- The source's id of the customer, of history alone.
-- step: orders_history_buyer
-- only: sqlite
ALTER TABLE orders ADD COLUMN history_buyer TEXT

-- step: orders_history_buyer
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS history_buyer TEXT

-- What a buyer bought, for the link from a credit note to its order. The
-- intake of orders does not pay for it.
-- step: orders_by_history_buyer
CREATE INDEX IF NOT EXISTS orders_by_history_buyer ON orders (channel_id, history_buyer) WHERE history_buyer IS NOT NULL

-- ---- finance ----

-- step: credit_notes
CREATE TABLE IF NOT EXISTS credit_notes (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    channel_id BIGINT NOT NULL REFERENCES channels (id),
    external_id TEXT NOT NULL,
    number TEXT NOT NULL,
    status BIGINT NOT NULL CHECK (status IN (1)),
    origin BIGINT NOT NULL CHECK (origin IN (1, 2)),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    body_hash BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    doc JSONB NOT NULL
) -- sqlite: STRICT

-- step: credit_notes_external
-- only: sqlite
CREATE UNIQUE INDEX IF NOT EXISTS credit_notes_external ON credit_notes (channel_id, external_id)

-- step: credit_notes_external
-- only: postgres
CREATE UNIQUE INDEX IF NOT EXISTS credit_notes_external ON credit_notes (bucket, channel_id, external_id)

-- step: credit_note_lines
CREATE TABLE IF NOT EXISTS credit_note_lines (
    credit_note_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    bucket BIGINT NOT NULL,
    sku_id BIGINT NOT NULL,
    sku_code TEXT NOT NULL,
    title TEXT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    unit_price_minor BIGINT NOT NULL CHECK (unit_price_minor >= 0),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    order_id BIGINT,
    order_n BIGINT,
    doc JSONB NOT NULL,
    CHECK ((order_id IS NULL) = (order_n IS NULL)),
    PRIMARY KEY (credit_note_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: credit_note_lines_order
CREATE INDEX IF NOT EXISTS credit_note_lines_order ON credit_note_lines (order_id, order_n) WHERE order_id IS NOT NULL
