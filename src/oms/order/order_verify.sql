-- order_verify.sql - the rows that break an invariant of the order room.

-- name: order_verify_units
SELECT order_id, n FROM order_lines
WHERE ordered - cancelled <>
    unallocated + backordered + allocated + picked + shipped
    OR delivered > shipped OR COALESCE(added, 0) NOT BETWEEN 0 AND ordered
ORDER BY order_id, n

-- name: order_verify_reserved
SELECT l.order_id, l.n, l.allocated + l.picked,
    COALESCE(SUM(r.qty), 0)::bigint
FROM order_lines l
LEFT JOIN reservations r ON r.owner_id = l.order_id AND r.owner_n = l.n
    AND r.kind = 2 AND r.state = 2 AND r.sku_id = l.sku_id
WHERE l.untracked_at IS NULL AND l.is_kit = 0
GROUP BY l.order_id, l.n, l.allocated, l.picked
HAVING l.allocated + l.picked <> COALESCE(SUM(r.qty), 0)
ORDER BY l.order_id, l.n

-- name: order_verify_stray
SELECT r.owner_id, r.id FROM reservations r
LEFT JOIN order_lines l ON l.order_id = r.owner_id AND l.n = r.owner_n
    AND l.sku_id = r.sku_id AND l.untracked_at IS NULL AND l.is_kit = 0
LEFT JOIN order_parts p ON p.order_id = r.owner_id AND p.line_n = r.owner_n
    AND p.sku_id = r.sku_id
WHERE r.owner_kind = 1 AND r.kind = 2 AND r.state = 2 AND l.n IS NULL
    AND p.n IS NULL
ORDER BY r.owner_id, r.id

-- Each component of a line of kits, what it should hold and holds.
-- name: order_verify_kits
SELECT l.order_id, l.n, (l.allocated + l.picked) * p.quantity,
    COALESCE(SUM(r.qty), 0)::bigint
FROM order_parts p
JOIN order_lines l ON l.order_id = p.order_id AND l.n = p.line_n
LEFT JOIN reservations r ON r.owner_id = p.order_id AND r.owner_n = p.line_n
    AND r.kind = 2 AND r.state = 2 AND r.sku_id = p.sku_id
GROUP BY l.order_id, l.n, l.allocated, l.picked, p.n, p.quantity
HAVING (l.allocated + l.picked) * p.quantity <> COALESCE(SUM(r.qty), 0)
ORDER BY l.order_id, l.n

-- Kits are whole at each location: all components for the same number.
-- name: order_verify_kit_places
SELECT k.order_id, k.line_n FROM (
    SELECT p.order_id, p.line_n, p.n, r.location_id,
        SUM(r.qty)::bigint / p.quantity AS kits,
        SUM(r.qty)::bigint % p.quantity AS rest
    FROM order_parts p
    JOIN reservations r ON r.owner_id = p.order_id AND r.owner_n = p.line_n
        AND r.kind = 2 AND r.state = 2 AND r.sku_id = p.sku_id
    GROUP BY p.order_id, p.line_n, p.n, r.location_id, p.quantity) k
JOIN (SELECT order_id, line_n, COUNT(n) AS parts FROM order_parts
    GROUP BY order_id, line_n) t
    ON t.order_id = k.order_id AND t.line_n = k.line_n
GROUP BY k.order_id, k.line_n, k.location_id, t.parts
HAVING MIN(k.kits) <> MAX(k.kits) OR MAX(k.rest) <> 0
    OR COUNT(k.n) <> t.parts
ORDER BY k.order_id, k.line_n

-- name: order_verify_kit_lines
SELECT l.order_id, l.n FROM order_lines l
LEFT JOIN (SELECT order_id, line_n, COUNT(n) AS parts FROM order_parts
    GROUP BY order_id, line_n) t ON t.order_id = l.order_id AND t.line_n = l.n
WHERE (l.is_kit = 1) <> (COALESCE(t.parts, 0) > 0)
ORDER BY l.order_id, l.n

-- name: order_verify_line_sums
SELECT l.order_id, l.n FROM order_lines l
JOIN orders o ON o.id = l.order_id
WHERE l.total_minor <> (l.ordered - COALESCE(l.added, 0)) * l.unit_price_minor
        - l.discount_minor
        + CASE WHEN o.tax_mode = 1 THEN l.tax_minor ELSE 0 END
    OR (o.tax_mode = 2 AND l.tax_minor > l.total_minor)
ORDER BY l.order_id, l.n

-- name: order_verify_order_sums
SELECT o.id, o.lines_minor, o.discount_minor, o.shipping_minor, o.fees_minor,
    o.tax_minor, o.total_minor, o.tax_mode,
    SUM((l.ordered - COALESCE(l.added, 0)) * l.unit_price_minor)::bigint,
    SUM(l.discount_minor)::bigint, SUM(l.tax_minor)::bigint,
    COALESCE(o.doc ->> 'shipping_lines', ''), COALESCE(o.doc ->> 'fees', '')
FROM orders o
LEFT JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id

-- Nothing is worth less than nothing, and nothing is left where no unit is.
-- name: order_verify_line_now
SELECT order_id, n FROM order_lines
WHERE total_now < 0 OR tax_now < 0 OR discount_now < 0
    OR (ordered = cancelled + COALESCE(returned, 0) + COALESCE(written_off, 0)
        AND (COALESCE(total_now, total_minor) <> 0
        OR COALESCE(tax_now, tax_minor) <> 0
        OR COALESCE(discount_now, discount_minor) <> 0))
ORDER BY order_id, n

-- name: order_verify_order_now
SELECT o.id FROM orders o
JOIN (SELECT n.order_id, SUM(n.total_minor)::bigint AS total,
        SUM(n.tax_minor)::bigint AS tax
    FROM order_lines n JOIN orders p ON p.id = n.order_id AND p.status = 5
    GROUP BY n.order_id) l ON l.order_id = o.id
WHERE COALESCE(o.charges_now, o.total_minor - l.total) <> 0
    OR COALESCE(o.charges_tax_now, o.tax_minor - l.tax) <> 0
ORDER BY o.id

-- Each unit costs its part, a minor unit up or down, of what was placed or the
-- last change made of the line.
-- name: order_verify_line_parts
SELECT l.order_id, l.n FROM (
    SELECT order_id, n, COALESCE(base_units, ordered) AS ordered,
        COALESCE(base_total, total_minor) AS placed,
        COALESCE(total_now, total_minor) AS total,
        ordered - cancelled - COALESCE(returned, 0)
            - COALESCE(written_off, 0) AS units
    FROM order_lines) l
WHERE l.total < l.placed / l.ordered * l.units
    OR l.total > l.placed / l.ordered * l.units
        + CASE WHEN l.placed % l.ordered > 0 THEN l.units ELSE 0 END
ORDER BY l.order_id, l.n

-- name: order_verify_returned
SELECT order_id, n FROM order_lines
WHERE return_requested < 0 OR returned < 0 OR written_off < 0
    OR COALESCE(return_requested, 0) + COALESCE(returned, 0)
        + COALESCE(written_off, 0) > shipped
ORDER BY order_id, n

-- name: order_verify_charges
SELECT id FROM orders
WHERE charges_now < 0 OR charges_tax_now < 0 OR fees_off < 0
    OR fees_tax_off < 0 OR allowance_now < 0
ORDER BY id

-- name: order_verify_pay
SELECT id FROM orders
WHERE pay_pending < 0 OR pay_authorized < 0 OR pay_captured < 0
    OR pay_refunded < 0 OR pay_disputed < 0
ORDER BY id

-- name: order_verify_list_payment
SELECT o.id, i.payment, o.total_minor, l.lines_now,
    COALESCE(o.charges_now, o.total_minor - l.lines_placed),
    COALESCE(o.allowance_now, 0), o.is_history,
    COALESCE(o.pay_pending, 0), COALESCE(o.pay_authorized, 0),
    COALESCE(o.pay_captured, 0), COALESCE(o.pay_refunded, 0),
    COALESCE(o.pay_disputed, 0)
FROM orders o
JOIN order_list i ON i.order_id = o.id
JOIN (SELECT order_id, SUM(COALESCE(total_now, total_minor))::bigint
            AS lines_now, SUM(total_minor)::bigint AS lines_placed
    FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
ORDER BY o.id

-- name: order_verify_external
SELECT MIN(id)::bigint, COUNT(id) FROM orders
GROUP BY channel_id, external_id HAVING COUNT(id) > 1

-- name: order_verify_decisions
SELECT o.id FROM orders o
WHERE o.is_history = 0 AND NOT EXISTS (
    SELECT 1 FROM routing_decisions d WHERE d.order_id = o.id)
ORDER BY o.id

-- name: order_verify_events
SELECT o.id, o.version, COUNT(e.id),
    COUNT(CASE WHEN e.type IN ('order.placed', 'order.imported') THEN 1 END)
FROM orders o
LEFT JOIN events e ON e.subject_id = o.id AND e.subject_kind = 'order'
    AND e.type NOT IN ('order.confirmed', 'order.doubtful',
        'order_note.added', 'order_score.made',
        'order.promise_changed', 'order.promise_missed')
GROUP BY o.id, o.version
HAVING COUNT(e.id) <> o.version
    OR COUNT(CASE WHEN e.type IN ('order.placed', 'order.imported') THEN 1
        END) <> 1
ORDER BY o.id

-- name: order_verify_status
SELECT o.id FROM orders o
JOIN (SELECT order_id, SUM(ordered - cancelled)::bigint AS wanted
    FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
WHERE (o.status = 5) <> (l.wanted = 0)
ORDER BY o.id

-- name: order_verify_list
SELECT o.id FROM orders o
LEFT JOIN order_list i ON i.order_id = o.id AND i.version = o.version
    AND i.status = o.status AND i.channel_id = o.channel_id
    AND i.total_minor = o.total_minor AND i.placed_at = o.placed_at
WHERE i.order_id IS NULL
ORDER BY o.id

-- name: order_verify_list_units
SELECT i.order_id FROM order_list i
LEFT JOIN (SELECT order_id, SUM(ordered - cancelled)::bigint AS units,
        SUM(backordered)::bigint AS backordered, COUNT(n) AS line_count
    FROM order_lines GROUP BY order_id) l ON l.order_id = i.order_id
        AND l.units = i.units AND l.backordered = i.backordered
        AND l.line_count = i.line_count
WHERE l.order_id IS NULL
ORDER BY i.order_id

-- name: order_verify_counts
SELECT COALESCE(t.channel_id, c.channel_id), COALESCE(t.status, c.status),
    COALESCE(t.orders, 0)::bigint, COALESCE(c.orders, 0)::bigint
FROM (SELECT channel_id, status, COUNT(id) AS orders
    FROM orders GROUP BY channel_id, status) t
FULL JOIN order_counts c
    ON c.channel_id = t.channel_id AND c.status = t.status
WHERE COALESCE(t.orders, 0) <> COALESCE(c.orders, 0)

-- Totals are summed in thousand millions and what is over, so that no sum
-- leaves 63 bits; the counter stays at the greatest number where it would.
-- name: order_verify_sales
SELECT COALESCE(t.quarter_at, s.quarter_at),
    COALESCE(t.channel_id, s.channel_id),
    COALESCE(t.orders, 0)::bigint, COALESCE(s.orders, 0)::bigint
FROM (SELECT o.placed_at - o.placed_at % 900000 AS quarter_at, o.channel_id,
        o.currency, COUNT(o.id) AS orders, SUM(l.units)::bigint AS units,
        SUM(o.total_minor / 1000000000)::bigint AS high,
        SUM(o.total_minor % 1000000000)::bigint AS low
    FROM orders o
    JOIN (SELECT order_id, SUM(ordered - COALESCE(added, 0))::bigint AS units
        FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
    GROUP BY o.placed_at - o.placed_at % 900000, o.channel_id, o.currency) t
FULL JOIN order_sales s ON s.quarter_at = t.quarter_at
    AND s.channel_id = t.channel_id AND s.currency = t.currency
WHERE COALESCE(t.orders, 0) <> COALESCE(s.orders, 0)
    OR COALESCE(t.units, 0) <> COALESCE(s.units, 0)
    OR CASE WHEN s.total_minor = 9223372036854775807
        THEN t.high + t.low / 1000000000 < 9223372036
            OR (t.high + t.low / 1000000000 = 9223372036
                AND t.low % 1000000000 < 854775807)
        ELSE t.high + t.low / 1000000000 <> s.total_minor / 1000000000
            OR t.low % 1000000000 <> s.total_minor % 1000000000 END

-- name: order_verify_history
SELECT l.order_id, l.n FROM order_lines l
JOIN orders o ON o.id = l.order_id
WHERE o.is_history = 1 AND (o.origin <> 2 OR o.status <> 4
    OR l.shipped <> l.ordered OR l.untracked_at IS NULL)
ORDER BY l.order_id, l.n
