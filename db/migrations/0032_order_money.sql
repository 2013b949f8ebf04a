-- What an order is worth now and what is known of its payments. NULL is "as
-- placed" and "nothing": placing an order writes none of it.

-- step: orders_charges_now
-- only: sqlite
ALTER TABLE orders ADD COLUMN charges_now INTEGER

-- step: orders_charges_now
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS charges_now BIGINT

-- step: orders_charges_tax_now
-- only: sqlite
ALTER TABLE orders ADD COLUMN charges_tax_now INTEGER

-- step: orders_charges_tax_now
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS charges_tax_now BIGINT

-- step: orders_pay_pending
-- only: sqlite
ALTER TABLE orders ADD COLUMN pay_pending INTEGER

-- step: orders_pay_pending
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS pay_pending BIGINT

-- step: orders_pay_authorized
-- only: sqlite
ALTER TABLE orders ADD COLUMN pay_authorized INTEGER

-- step: orders_pay_authorized
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS pay_authorized BIGINT

-- step: orders_pay_captured
-- only: sqlite
ALTER TABLE orders ADD COLUMN pay_captured INTEGER

-- step: orders_pay_captured
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS pay_captured BIGINT

-- step: orders_pay_refunded
-- only: sqlite
ALTER TABLE orders ADD COLUMN pay_refunded INTEGER

-- step: orders_pay_refunded
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS pay_refunded BIGINT

-- step: orders_pay_disputed
-- only: sqlite
ALTER TABLE orders ADD COLUMN pay_disputed INTEGER

-- step: orders_pay_disputed
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS pay_disputed BIGINT

-- step: order_lines_total_now
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN total_now INTEGER

-- step: order_lines_total_now
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS total_now BIGINT

-- step: order_lines_tax_now
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN tax_now INTEGER

-- step: order_lines_tax_now
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS tax_now BIGINT

-- step: order_lines_discount_now
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN discount_now INTEGER

-- step: order_lines_discount_now
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS discount_now BIGINT

-- Equal parts, rounded down: q * k + r * k / n is total * k / n without its
-- product.
-- step: order_lines_now
UPDATE order_lines SET
    total_now = total_minor - (total_minor / ordered * cancelled
        + total_minor % ordered * cancelled / ordered),
    tax_now = tax_minor - (tax_minor / ordered * cancelled
        + tax_minor % ordered * cancelled / ordered),
    discount_now = discount_minor - (discount_minor / ordered * cancelled
        + discount_minor % ordered * cancelled / ordered)
WHERE cancelled > 0

-- step: orders_now
UPDATE orders SET charges_now = 0, charges_tax_now = 0 WHERE status = 5

-- 2 is unpaid, as all orders were.
-- step: order_list_payment
-- only: sqlite
ALTER TABLE order_list ADD COLUMN payment INTEGER NOT NULL DEFAULT 2 CHECK (payment BETWEEN 1 AND 12)

-- step: order_list_payment
-- only: postgres
ALTER TABLE order_list ADD COLUMN IF NOT EXISTS payment BIGINT NOT NULL DEFAULT 2 CHECK (payment BETWEEN 1 AND 12)

-- step: order_list_payment_none
UPDATE order_list SET payment = 1
WHERE order_id IN (SELECT id FROM orders WHERE is_history = 1 OR total_minor = 0)

-- step: order_list_payment_voided
UPDATE order_list SET payment = 11
WHERE order_id IN (SELECT id FROM orders
    WHERE status = 5 AND is_history = 0 AND total_minor > 0)

-- step: order_list_by_payment
CREATE INDEX IF NOT EXISTS order_list_by_payment ON order_list (payment, status, order_id)
