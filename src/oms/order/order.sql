-- order.sql - orders, their lines and the read models of the order room.

-- name: order_insert
-- many
-- hot
INSERT INTO orders (id, bucket, channel_id, external_id, number, status,
    version, origin, currency, tax_mode, lines_minor, discount_minor,
    shipping_minor, fees_minor, tax_minor, total_minor, body_hash, placed_at,
    updated_at, is_history, history_buyer, doc)
VALUES (:id::bigint, :bucket::bigint, :channel_id::bigint,
    :external_id::text, :number::text, :status::bigint, :version::bigint,
    :origin::bigint, :currency::text, :tax_mode::bigint, :lines::bigint,
    :discount::bigint, :shipping::bigint, :fees::bigint, :tax::bigint,
    :total::bigint, :body_hash::bigint, :placed_at::bigint,
    :updated_at::bigint, :is_history::bigint,
    :history_buyer::text, :doc::jsonb)
ON CONFLICT DO NOTHING

-- name: order_line_insert
-- later
-- many
-- hot
INSERT INTO order_lines (order_id, n, bucket, sku_id, sku_code, title,
    untracked_at, ordered, cancelled, unallocated, backordered, allocated,
    picked, shipped, unit_price_minor, discount_minor, tax_minor, total_minor,
    doc, is_kit)
VALUES (:order_id::bigint, :n::bigint, :bucket::bigint, :sku_id::bigint,
    :sku_code::text, :title::text, :untracked_at::bigint, :ordered::bigint, 0,
    :unallocated::bigint, :backordered::bigint, :allocated::bigint, 0, :shipped::bigint,
    :unit_price::bigint, :discount::bigint, :tax::bigint, :total::bigint,
    :doc::jsonb,
    :is_kit::bigint)

-- name: order_part_insert
-- later
-- many
INSERT INTO order_parts (order_id, line_n, n, bucket, sku_id, sku_code,
    quantity)
VALUES (:order_id::bigint, :line_n::bigint, :n::bigint, :bucket::bigint,
    :sku_id::bigint, :sku_code::text, :quantity::bigint)

-- name: order_part_list
SELECT line_n, sku_id, sku_code, quantity FROM order_parts
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
ORDER BY line_n, n

-- name: order_awaited
SELECT order_id FROM order_lines
WHERE sku_id = :sku_id::bigint AND backordered > 0 AND is_kit = 0
LIMIT 1

-- LIMIT inside LATERAL keeps PostgreSQL to one look-up per key.
-- name: order_find_external
-- hot
SELECT id, channel_id, external_id, body_hash FROM orders
WHERE bucket = :bucket::bigint AND channel_id = :channel_id::bigint
    AND external_id = :external_id::text
-- postgres many body:
SELECT f.id, f.channel_id, f.external_id, f.body_hash
FROM unnest(:bucket::bigint[], :channel_id::bigint[], :external_id::text[])
    AS k(bucket, channel_id, external_id)
CROSS JOIN LATERAL (
    SELECT o.id, o.channel_id, o.external_id, o.body_hash FROM orders o
    WHERE o.bucket = k.bucket AND o.channel_id = k.channel_id
        AND o.external_id = k.external_id
    LIMIT 1) AS f

-- name: order_get
SELECT id, channel_id, external_id, number, status, version, origin, currency,
    tax_mode, lines_minor, discount_minor, shipping_minor, fees_minor,
    tax_minor, total_minor, body_hash, placed_at, updated_at, is_history,
    fulfil_flags, delivery_flags, COALESCE(pay_pending, 0),
    COALESCE(pay_authorized, 0), COALESCE(pay_captured, 0), COALESCE(pay_refunded, 0),
    COALESCE(pay_disputed, 0), doc, charges_now, charges_tax_now,
    COALESCE(fees_off, 0), COALESCE(fees_tax_off, 0),
    COALESCE(allowance_now, 0), COALESCE(return_flags, 0)
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: order_lock
SELECT id, channel_id, external_id, number, status, version, origin, currency,
    tax_mode, lines_minor, discount_minor, shipping_minor, fees_minor,
    tax_minor, total_minor, body_hash, placed_at, updated_at, is_history,
    fulfil_flags, delivery_flags, COALESCE(pay_pending, 0),
    COALESCE(pay_authorized, 0), COALESCE(pay_captured, 0), COALESCE(pay_refunded, 0),
    COALESCE(pay_disputed, 0), doc, charges_now, charges_tax_now,
    COALESCE(fees_off, 0), COALESCE(fees_tax_off, 0),
    COALESCE(allowance_now, 0), COALESCE(return_flags, 0)
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE

-- name: order_line_list
SELECT n, sku_id, sku_code, title, untracked_at, ordered, cancelled,
    unallocated, backordered, allocated, picked, shipped, delivered,
    unit_price_minor, discount_minor, tax_minor, total_minor, doc, is_kit,
    discount_now, tax_now, total_now, COALESCE(return_requested, 0),
    COALESCE(returned, 0), COALESCE(written_off, 0),
    added, unit_price_now, COALESCE(base_units, 0), COALESCE(base_total, 0)
FROM order_lines
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
ORDER BY n

-- name: order_exists
SELECT id FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: order_save
UPDATE orders SET status = :status::bigint, version = :version::bigint,
    updated_at = :updated_at::bigint, fulfil_flags = :fulfil_flags::bigint,
    delivery_flags = :delivery_flags::bigint,
    charges_now = :charges_now::bigint,
    charges_tax_now = :charges_tax_now::bigint,
    fees_off = :fees_off::bigint, fees_tax_off = :fees_tax_off::bigint,
    allowance_now = :allowance_now::bigint,
    return_flags = :return_flags::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint
    AND version = :version::bigint - 1

-- name: order_doc_save
UPDATE orders SET doc = :doc::jsonb
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: order_line_save
-- later
UPDATE order_lines SET cancelled = :cancelled::bigint,
    unallocated = :unallocated::bigint, backordered = :backordered::bigint,
    allocated = :allocated::bigint, picked = :picked::bigint,
    shipped = :shipped::bigint, delivered = :delivered::bigint,
    untracked_at = :untracked_at::bigint,
    discount_now = :discount_now::bigint, tax_now = :tax_now::bigint,
    total_now = :total_now::bigint,
    return_requested = :return_requested::bigint, returned = :returned::bigint,
    written_off = :written_off::bigint,
    ordered = :ordered::bigint, added = :added::bigint,
    unit_price_now = :unit_price_now::bigint,
    base_units = :base_units::bigint, base_total = :base_total::bigint
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND n = :n::bigint
-- postgres many body:
UPDATE order_lines l SET cancelled = u.cancelled,
    unallocated = u.unallocated, backordered = u.backordered,
    allocated = u.allocated, picked = u.picked, shipped = u.shipped,
    delivered = u.delivered, untracked_at = u.untracked_at,
    discount_now = u.discount_now, tax_now = u.tax_now,
    total_now = u.total_now, return_requested = u.return_requested,
    returned = u.returned, written_off = u.written_off,
    ordered = u.ordered, added = u.added, unit_price_now = u.unit_price_now,
    base_units = u.base_units, base_total = u.base_total
FROM unnest(:cancelled::bigint[], :unallocated::bigint[],
    :backordered::bigint[], :allocated::bigint[], :picked::bigint[],
    :shipped::bigint[], :delivered::bigint[], :untracked_at::bigint[],
    :discount_now::bigint[], :tax_now::bigint[], :total_now::bigint[],
    :return_requested::bigint[], :returned::bigint[], :written_off::bigint[],
    :ordered::bigint[], :added::bigint[], :unit_price_now::bigint[],
    :base_units::bigint[], :base_total::bigint[],
    :bucket::bigint[], :order_id::bigint[], :n::bigint[])
    AS u(cancelled, unallocated, backordered, allocated, picked, shipped,
        delivered, untracked_at, discount_now, tax_now, total_now,
        return_requested, returned, written_off, ordered, added,
        unit_price_now, base_units, base_total, bucket, order_id, n)
WHERE l.bucket = u.bucket AND l.order_id = u.order_id AND l.n = u.n

-- Locked in order of id: many at once.
-- name: order_due_lock
SELECT id, channel_id, status, fulfil_flags, COALESCE(doc ->> 'method', ''),
    COALESCE(doc ->> 'fulfil_at', '')
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, channel_id, status, fulfil_flags, COALESCE(doc ->> 'method', ''),
    COALESCE(doc ->> 'fulfil_at', '')
FROM orders
WHERE bucket = ANY(:bucket::bigint[]) AND id = ANY(:id::bigint[])
ORDER BY id
FOR UPDATE

-- What is left of it, and its payments.
-- name: order_due_worth
SELECT o.id, SUM(COALESCE(l.total_now, l.total_minor))::bigint,
    COALESCE(MAX(o.charges_now),
        MAX(o.total_minor) - SUM(l.total_minor))::bigint,
    COALESCE(MAX(o.allowance_now), 0)::bigint,
    COALESCE(MAX(o.pay_authorized), 0)::bigint,
    COALESCE(MAX(o.pay_captured), 0)::bigint,
    COALESCE(MAX(o.pay_refunded), 0)::bigint,
    COALESCE(MAX(o.pay_disputed), 0)::bigint
FROM orders o
JOIN order_lines l ON l.bucket = o.bucket AND l.order_id = o.id
WHERE o.bucket = :bucket::bigint AND o.id = :id::bigint
GROUP BY o.id
-- postgres many body:
SELECT o.id, SUM(COALESCE(l.total_now, l.total_minor))::bigint,
    COALESCE(MAX(o.charges_now),
        MAX(o.total_minor) - SUM(l.total_minor))::bigint,
    COALESCE(MAX(o.allowance_now), 0)::bigint,
    COALESCE(MAX(o.pay_authorized), 0)::bigint,
    COALESCE(MAX(o.pay_captured), 0)::bigint,
    COALESCE(MAX(o.pay_refunded), 0)::bigint,
    COALESCE(MAX(o.pay_disputed), 0)::bigint
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id
JOIN order_lines l ON l.bucket = o.bucket AND l.order_id = o.id
GROUP BY o.id

-- name: order_due_line
SELECT l.order_id, l.n, l.sku_id, l.untracked_at, l.allocated + l.picked,
    l.is_kit, g.n, COALESCE(l.doc ->> 'fulfil_at', '')
FROM order_lines l
LEFT JOIN order_gates g ON g.order_id = l.order_id AND g.n = l.n
WHERE l.bucket = :bucket::bigint AND l.order_id = :id::bigint
-- postgres many body:
SELECT l.order_id, l.n, l.sku_id, l.untracked_at, l.allocated + l.picked,
    l.is_kit, g.n, COALESCE(l.doc ->> 'fulfil_at', '')
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN order_lines l ON l.bucket = k.bucket AND l.order_id = k.id
LEFT JOIN order_gates g ON g.order_id = l.order_id AND g.n = l.n

-- name: order_due_part
SELECT order_id, line_n, sku_id, quantity FROM order_parts
WHERE bucket = :bucket::bigint AND order_id = :id::bigint AND n = 1
-- postgres many body:
SELECT p.order_id, p.line_n, p.sku_id, p.quantity
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN order_parts p ON p.bucket = k.bucket AND p.order_id = k.id AND p.n = 1

-- name: order_bar_add
-- many
-- later
INSERT INTO order_bars (order_id, n, location_id, bucket)
VALUES (:order_id::bigint, :n::bigint, :location_id::bigint, :bucket::bigint)
ON CONFLICT (order_id, n, location_id) DO NOTHING

-- name: order_bar_drop
DELETE FROM order_bars
WHERE order_id = :order_id::bigint AND location_id = :location_id::bigint

-- name: order_gate_add
-- many
INSERT INTO order_gates (order_id, n, bucket)
VALUES (:order_id::bigint, :n::bigint, :bucket::bigint)

-- name: order_gate_drop
DELETE FROM order_gates
WHERE order_id = :order_id::bigint AND n BETWEEN :first::bigint AND :last::bigint

-- name: order_gate_list
SELECT n FROM order_gates WHERE order_id = :order_id::bigint ORDER BY n

-- name: order_bar_list
SELECT order_id, n, location_id FROM order_bars
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT order_id, n, location_id FROM order_bars
WHERE order_id = ANY(:order_id::bigint[])

-- name: order_fact_list
-- hot
SELECT id, channel_id, status, version, external_id, number,
    COALESCE(doc -> 'customer' ->> 'name', doc -> 'shipping_address' ->> 'name',
        doc -> 'customer' ->> 'email', ''),
    currency, total_minor, placed_at, is_history, COALESCE(pay_pending, 0),
    COALESCE(pay_authorized, 0), COALESCE(pay_captured, 0),
    COALESCE(pay_refunded, 0), COALESCE(pay_disputed, 0), charges_now,
    COALESCE(allowance_now, 0)
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres many body:
SELECT o.id, o.channel_id, o.status, o.version, o.external_id, o.number,
    COALESCE(o.doc -> 'customer' ->> 'name',
        o.doc -> 'shipping_address' ->> 'name',
        o.doc -> 'customer' ->> 'email', ''),
    o.currency, o.total_minor, o.placed_at, o.is_history,
    COALESCE(o.pay_pending, 0), COALESCE(o.pay_authorized, 0),
    COALESCE(o.pay_captured, 0), COALESCE(o.pay_refunded, 0),
    COALESCE(o.pay_disputed, 0), o.charges_now, COALESCE(o.allowance_now, 0)
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id

-- name: order_unit_list
-- hot
SELECT order_id, SUM(ordered)::bigint, SUM(cancelled)::bigint,
    SUM(backordered)::bigint, COUNT(n), SUM(total_minor)::bigint,
    SUM(COALESCE(total_now, total_minor))::bigint,
    SUM(COALESCE(added, 0))::bigint
FROM order_lines WHERE bucket = :bucket::bigint AND order_id = :id::bigint
GROUP BY order_id
-- postgres many body:
SELECT l.order_id, SUM(l.ordered)::bigint, SUM(l.cancelled)::bigint,
    SUM(l.backordered)::bigint, COUNT(l.n), SUM(l.total_minor)::bigint,
    SUM(COALESCE(l.total_now, l.total_minor))::bigint,
    SUM(COALESCE(l.added, 0))::bigint
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN order_lines l ON l.bucket = k.bucket AND l.order_id = k.id
GROUP BY l.order_id

-- name: order_list_versions
SELECT order_id, version, status FROM order_list WHERE order_id = :id::bigint
-- postgres many body:
SELECT order_id, version, status FROM order_list
WHERE order_id = ANY(:id::bigint[])

-- name: order_list_save
-- later
-- many
INSERT INTO order_list (order_id, bucket, channel_id, status, external_id,
    number, customer, units, line_count, backordered, currency, total_minor,
    placed_at, version, payment)
VALUES (:order_id::bigint, :bucket::bigint, :channel_id::bigint,
    :status::bigint, :external_id::text, :number::text, :customer::text,
    :units::bigint, :line_count::bigint, :backordered::bigint,
    :currency::text, :total::bigint, :placed_at::bigint, :version::bigint,
    :payment::bigint)
ON CONFLICT (order_id) DO UPDATE SET status = excluded.status,
    customer = excluded.customer, units = excluded.units,
    line_count = excluded.line_count, backordered = excluded.backordered, version = excluded.version,
    payment = excluded.payment

-- name: order_count_list
SELECT channel_id, status, orders FROM order_counts
ORDER BY channel_id, status

-- name: order_count_recent
SELECT count(*) FROM (SELECT order_id FROM order_list
    WHERE order_id >= :from::bigint LIMIT :most::bigint) AS recent

-- name: order_count_save
-- later
-- many
INSERT INTO order_counts (channel_id, status, orders)
VALUES (:channel_id::bigint, :status::bigint, :orders::bigint)
ON CONFLICT (channel_id, status) DO UPDATE SET orders = excluded.orders

-- name: order_sale_find
SELECT quarter_at, channel_id, currency, orders, units, total_minor
FROM order_sales
WHERE quarter_at = :quarter_at::bigint AND channel_id = :channel_id::bigint
    AND currency = :currency::text
-- postgres many body:
SELECT s.quarter_at, s.channel_id, s.currency, s.orders, s.units,
    s.total_minor
FROM unnest(:quarter_at::bigint[], :channel_id::bigint[], :currency::text[])
    AS k(quarter_at, channel_id, currency)
JOIN order_sales s ON s.quarter_at = k.quarter_at
    AND s.channel_id = k.channel_id AND s.currency = k.currency

-- name: order_sale_save
-- later
-- many
INSERT INTO order_sales (quarter_at, channel_id, currency, orders, units,
    total_minor)
VALUES (:quarter_at::bigint, :channel_id::bigint, :currency::text,
    :orders::bigint, :units::bigint, :total::bigint)
ON CONFLICT (quarter_at, channel_id, currency) DO UPDATE SET
    orders = excluded.orders, units = excluded.units,
    total_minor = excluded.total_minor

-- name: order_list_all
SELECT order_id, channel_id, status, external_id, number, customer, units,
    line_count, backordered, currency, total_minor, placed_at, version,
    payment
FROM order_list
WHERE order_id < :before::bigint AND order_id >= :from::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- name: order_list_status
SELECT order_id, channel_id, status, external_id, number, customer, units,
    line_count, backordered, currency, total_minor, placed_at, version,
    payment
FROM order_list
WHERE status = :status::bigint AND order_id < :before::bigint
    AND order_id >= :from::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- name: order_list_confirmed
SELECT order_id FROM order_list
WHERE channel_id = :channel_id::bigint AND status = :status::bigint
    AND order_id > :after::bigint
ORDER BY order_id LIMIT :limit::bigint

-- name: order_list_channel
SELECT order_id, channel_id, status, external_id, number, customer, units,
    line_count, backordered, currency, total_minor, placed_at, version,
    payment
FROM order_list
WHERE channel_id = :channel_id::bigint AND status = :status::bigint
    AND order_id < :before::bigint AND order_id >= :from::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- name: order_list_payment
SELECT order_id, channel_id, status, external_id, number, customer, units,
    line_count, backordered, currency, total_minor, placed_at, version,
    payment
FROM order_list
WHERE payment = :payment::bigint AND status = :status::bigint
    AND order_id < :before::bigint AND order_id >= :from::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- name: order_list_one
SELECT order_id, channel_id, status, external_id, number, customer, units,
    line_count, backordered, currency, total_minor, placed_at, version,
    payment
FROM order_list
WHERE order_id = :order_id::bigint AND order_id < :before::bigint
    AND order_id >= :from::bigint

-- A row per order; the caller adds them up.
-- name: order_history_sums
-- hot
SELECT COALESCE(o.doc -> 'attrs' ->> 'country', ''), o.currency, 1, l.lines,
    l.units, l.total
FROM orders o
JOIN (SELECT order_id, COUNT(n) AS lines, SUM(ordered)::bigint AS units,
        SUM(total_minor)::bigint AS total
    FROM order_lines WHERE bucket = :bucket::bigint AND order_id = :id::bigint
    GROUP BY order_id) AS l ON l.order_id = o.id
WHERE o.bucket = :bucket AND o.id = :id
-- postgres many body:
SELECT COALESCE(o.doc -> 'attrs' ->> 'country', ''), o.currency, 1::bigint,
    l.lines, l.units, l.total
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id
CROSS JOIN LATERAL (SELECT COUNT(n) AS lines, SUM(ordered)::bigint AS units,
        SUM(total_minor)::bigint AS total
    FROM order_lines WHERE bucket = k.bucket AND order_id = k.id) AS l

-- A channel's, by id. The sum keeps SQLite from gathering all of the channel
-- for each page, which its index on the channel would tempt it to.
-- name: order_history_ids
SELECT id FROM orders
WHERE channel_id + 0 = :channel_id::bigint AND is_history = 1
    AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint
