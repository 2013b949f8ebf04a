-- What of an order has arrived, and whether one of its parcels is in trouble.

-- step: order_lines_delivered
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered >= 0)

-- step: order_lines_delivered
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS delivered BIGINT NOT NULL DEFAULT 0 CHECK (delivered >= 0)

-- 1: one of its parcels is in trouble, on its way back, or lost.
-- step: orders_delivery_flags
-- only: sqlite
ALTER TABLE orders ADD COLUMN delivery_flags INTEGER NOT NULL DEFAULT 0 CHECK (delivery_flags BETWEEN 0 AND 1)

-- step: orders_delivery_flags
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS delivery_flags BIGINT NOT NULL DEFAULT 0 CHECK (delivery_flags BETWEEN 0 AND 1)
