-- purchasing.sql - suppliers and purchase orders.

-- columns: supplier
id, code, name, email, currency, lead_days, over_percent, address, is_active,
version, created_at, updated_at

-- columns: purchase
p.id, p.number, p.supplier_id, p.location_id, p.currency, p.total, p.note,
p.status, p.sent_at, p.version, p.created_at, p.updated_at

-- name: supplier_add
INSERT INTO suppliers ({supplier})
VALUES (:id::bigint, :code::text, :name::text, :email::text, :currency::text,
    :lead_days::bigint, :over_percent::bigint, :address::jsonb,
    :is_active::bigint, 1, :now::bigint, :now::bigint)

-- name: supplier_save
UPDATE suppliers SET name = :name::text, email = :email::text,
    currency = :currency::text, lead_days = :lead_days::bigint,
    over_percent = :over_percent::bigint, address = :address::jsonb,
    is_active = :is_active::bigint, updated_at = :now::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: supplier_row
-- many
SELECT {supplier}
FROM suppliers
WHERE id = :id::bigint
-- postgres many body:
SELECT {supplier}
FROM suppliers
WHERE id = ANY(:id::bigint[])

-- name: supplier_lock
SELECT {supplier}
FROM suppliers
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: supplier_by_code
SELECT {supplier}
FROM suppliers
WHERE code = :code::text

-- name: supplier_page
SELECT {supplier}
FROM suppliers
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: purchase_number_next
UPDATE purchase_numbers SET last = last + 1 WHERE id = 1

-- name: purchase_number_first
INSERT INTO purchase_numbers (id, last) VALUES (1, 0)
ON CONFLICT (id) DO NOTHING

-- name: purchase_number_last
SELECT last FROM purchase_numbers WHERE id = 1

-- name: purchase_add
INSERT INTO purchase_orders (id, number, supplier_id, location_id, currency,
    total, note, status, version, created_at, updated_at)
VALUES (:id::bigint, :number::bigint, :supplier_id::bigint,
    :location_id::bigint, :currency::text, :total::bigint, :note::text, 1, 1,
    :now::bigint, :now::bigint)

-- name: purchase_save
UPDATE purchase_orders SET location_id = :location_id::bigint,
    total = :total::bigint, note = :note::text, status = :status::bigint,
    sent_at = :sent_at::bigint, updated_at = :now::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: purchase_row
SELECT {purchase}
FROM purchase_orders p
WHERE p.id = :id::bigint

-- name: purchase_lock
SELECT {purchase}
FROM purchase_orders p
WHERE p.id = :id::bigint
-- postgres: FOR UPDATE

-- name: purchase_page
SELECT {purchase}
FROM purchase_orders p
WHERE p.id < :before::bigint
ORDER BY p.id DESC
LIMIT :limit::bigint

-- name: purchase_page_status
SELECT {purchase}
FROM purchase_orders p
WHERE p.status = :status::bigint AND p.id < :before::bigint
    AND (:location_id::bigint = 0 OR p.location_id = :location_id::bigint)
ORDER BY p.id DESC
LIMIT :limit::bigint

-- name: purchase_page_supplier
SELECT {purchase}
FROM purchase_orders p
WHERE p.supplier_id = :supplier_id::bigint AND p.id < :before::bigint
    AND (:status::bigint = 0 OR p.status = :status::bigint)
    AND (:location_id::bigint = 0 OR p.location_id = :location_id::bigint)
ORDER BY p.id DESC
LIMIT :limit::bigint

-- name: purchase_page_location
SELECT {purchase}
FROM purchase_orders p
WHERE p.location_id = :location_id::bigint AND p.id < :before::bigint
ORDER BY p.id DESC
LIMIT :limit::bigint

-- name: purchase_page_sku
SELECT {purchase}
FROM (SELECT DISTINCT order_id FROM purchase_lines
    WHERE sku_id = :sku_id::bigint AND order_id < :before::bigint) l
JOIN purchase_orders p ON p.id = l.order_id
WHERE (:status::bigint = 0 OR p.status = :status::bigint)
    AND (:supplier_id::bigint = 0 OR p.supplier_id = :supplier_id::bigint)
    AND (:location_id::bigint = 0 OR p.location_id = :location_id::bigint)
ORDER BY p.id DESC
LIMIT :limit::bigint

-- name: purchase_line_save
-- many
INSERT INTO purchase_lines (order_id, n, sku_id, qty, unit_cost, supplier_sku,
    expected_at, received, supply_id)
VALUES (:order_id::bigint, :n::bigint, :sku_id::bigint, :qty::bigint,
    :unit_cost::bigint, :supplier_sku::text, :expected_at::bigint,
    :received::bigint, :supply_id::bigint)
ON CONFLICT (order_id, n) DO UPDATE SET sku_id = excluded.sku_id,
    qty = excluded.qty, unit_cost = excluded.unit_cost,
    supplier_sku = excluded.supplier_sku, expected_at = excluded.expected_at,
    received = excluded.received, supply_id = excluded.supply_id

-- name: purchase_line_drop
DELETE FROM purchase_lines
WHERE order_id = :order_id::bigint AND n > :n::bigint

-- name: purchase_line_list
-- many
SELECT order_id, n, sku_id, qty, unit_cost, supplier_sku, expected_at, received,
    supply_id
FROM purchase_lines
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT order_id, n, sku_id, qty, unit_cost, supplier_sku, expected_at, received,
    supply_id
FROM purchase_lines
WHERE order_id = ANY(:order_id::bigint[])

-- name: purchase_of_receipt
-- many
SELECT DISTINCT s.source_id
FROM receipt_lines r
JOIN supplies s ON s.id = r.supply_id
WHERE r.receipt_id = :receipt_id::bigint AND s.source = 3
-- postgres many body:
SELECT DISTINCT s.source_id
FROM receipt_lines r
JOIN supplies s ON s.id = r.supply_id
WHERE r.receipt_id = ANY(:receipt_id::bigint[]) AND s.source = 3

-- ---- verify ----

-- What an order comes to, and its state, are what its lines say.
-- name: verify_purchase_sums
SELECT p.id
FROM purchase_orders p
LEFT JOIN (
    SELECT order_id, SUM(qty * unit_cost)::bigint AS total,
        SUM(received)::bigint AS received,
        SUM(CASE WHEN received < qty THEN 1 ELSE 0 END)::bigint AS missing,
        SUM(CASE WHEN supply_id = 0 THEN 1 ELSE 0 END)::bigint AS unsent
    FROM purchase_lines
    GROUP BY order_id
) l ON l.order_id = p.id
WHERE l.order_id IS NULL OR p.total <> l.total
    OR (p.status IN (1, 2, 3, 7) AND l.received > 0)
    OR (p.status IN (4, 6) AND l.received = 0)
    OR (p.status = 4 AND l.missing = 0)
    OR (p.status = 5 AND l.missing > 0)
    OR (p.status IN (1, 2) AND p.sent_at IS NOT NULL)
    OR (p.status IN (3, 4, 5, 6) AND p.sent_at IS NULL)
    OR (p.sent_at IS NULL AND l.unsent = 0)
    OR (p.sent_at IS NOT NULL AND l.unsent > 0)

-- What is expected is what was ordered, and open while the order is.
-- name: verify_purchase_supplies
SELECT l.order_id
FROM purchase_lines l
JOIN purchase_orders p ON p.id = l.order_id
LEFT JOIN supplies s ON s.id = l.supply_id AND s.source = 3
    AND s.source_id = l.order_id AND s.source_n = l.n
    AND s.sku_id = l.sku_id AND s.location_id = p.location_id
    AND s.qty = l.qty
WHERE (l.supply_id <> 0 AND s.id IS NULL)
    OR (p.status IN (3, 4, 5) AND s.state = 3)
    OR (p.status IN (6, 7) AND s.state = 1)
UNION ALL
SELECT s.source_id
FROM supplies s
LEFT JOIN purchase_lines l ON l.order_id = s.source_id AND l.n = s.source_n
    AND l.supply_id = s.id
WHERE s.source = 3 AND l.order_id IS NULL

-- Receipts have been followed: the sum of receipts is that of the supplies.
-- name: verify_purchase_received
SELECT l.order_id
FROM purchase_lines l
JOIN supplies s ON s.id = l.supply_id
WHERE l.received <> s.received
