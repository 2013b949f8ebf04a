-- fulfillment_verify.sql - fulfillment orders against orders and stock.

-- name: fulfillment_verify_units
SELECT l.order_id, l.n FROM order_lines l
JOIN orders o ON o.id = l.order_id AND o.is_history = 0
LEFT JOIN (SELECT f.order_id, x.n, SUM(x.picked - x.shipped)::bigint AS picked,
        SUM(x.shipped)::bigint AS shipped
    FROM fulfillment_lines x JOIN fulfillment_orders f ON f.id = x.fo_id
    GROUP BY f.order_id, x.n) t ON t.order_id = l.order_id AND t.n = l.n
WHERE l.picked <> COALESCE(t.picked, 0) OR l.shipped <> COALESCE(t.shipped, 0)
ORDER BY l.order_id, l.n

-- Units still to leave, by line and location, and the live rows for them.
-- name: fulfillment_verify_live
SELECT t.order_id, t.n FROM (
    SELECT f.order_id, x.n, x.sku_id, f.location_id,
        SUM(x.qty - x.shipped)::bigint AS qty
    FROM fulfillment_lines x JOIN fulfillment_orders f ON f.id = x.fo_id
    WHERE f.status < 6
    GROUP BY f.order_id, x.n, x.sku_id, f.location_id) t
JOIN order_lines l ON l.order_id = t.order_id AND l.n = t.n
    AND l.untracked_at IS NULL AND l.is_kit = 0
LEFT JOIN reservations r ON r.owner_id = t.order_id AND r.owner_n = t.n
    AND r.kind = 2 AND r.state = 2 AND r.location_id = t.location_id
    AND r.sku_id = t.sku_id
GROUP BY t.order_id, t.n, t.location_id, t.qty
HAVING t.qty > COALESCE(SUM(r.qty), 0)
ORDER BY t.order_id, t.n

-- name: fulfillment_verify_kits
SELECT t.order_id, t.n FROM (
    SELECT f.order_id, x.n, f.location_id,
        SUM(x.qty - x.shipped)::bigint AS qty
    FROM fulfillment_lines x JOIN fulfillment_orders f ON f.id = x.fo_id
    WHERE f.status < 6
    GROUP BY f.order_id, x.n, f.location_id) t
JOIN order_parts p ON p.order_id = t.order_id AND p.line_n = t.n
LEFT JOIN reservations r ON r.owner_id = t.order_id AND r.owner_n = t.n
    AND r.kind = 2 AND r.state = 2 AND r.location_id = t.location_id
    AND r.sku_id = p.sku_id
GROUP BY t.order_id, t.n, t.location_id, p.n, p.quantity, t.qty
HAVING t.qty * p.quantity > COALESCE(SUM(r.qty), 0)
ORDER BY t.order_id, t.n

-- No more than is allocated or picked; nothing of a line that is held back.
-- name: fulfillment_verify_cover
SELECT l.order_id, l.n FROM order_lines l
JOIN orders o ON o.id = l.order_id AND o.is_history = 0
LEFT JOIN (SELECT f.order_id, x.n, SUM(x.qty - x.shipped)::bigint AS qty
    FROM fulfillment_lines x JOIN fulfillment_orders f ON f.id = x.fo_id
    WHERE f.status < 6
    GROUP BY f.order_id, x.n) t ON t.order_id = l.order_id AND t.n = l.n
LEFT JOIN order_gates g ON g.order_id = l.order_id AND g.n = l.n
WHERE COALESCE(t.qty, 0)
    > CASE WHEN g.n IS NULL THEN l.allocated + l.picked ELSE 0 END
ORDER BY l.order_id, l.n

-- Less than is allocated or picked, with what says whether it may leave. A rule
-- of a channel counts from the order's next event on.
-- name: fulfillment_verify_short
SELECT l.order_id, l.n, c.payment_release,
    (SELECT SUM(COALESCE(x.total_now, x.total_minor)) FROM order_lines x
        WHERE x.bucket = o.bucket AND x.order_id = o.id)::bigint,
    COALESCE(o.charges_now, o.total_minor
        - (SELECT SUM(x.total_minor) FROM order_lines x
            WHERE x.bucket = o.bucket AND x.order_id = o.id))::bigint,
    COALESCE(o.allowance_now, 0)::bigint,
    COALESCE(o.pay_authorized, 0)::bigint,
    COALESCE(o.pay_captured, 0)::bigint,
    COALESCE(o.pay_refunded, 0)::bigint,
    COALESCE(o.pay_disputed, 0)::bigint
FROM order_lines l
JOIN orders o ON o.id = l.order_id AND o.is_history = 0 AND o.status = 3
JOIN channels c ON c.id = o.channel_id
LEFT JOIN (SELECT f.order_id, x.n, SUM(x.qty - x.shipped)::bigint AS qty
    FROM fulfillment_lines x JOIN fulfillment_orders f ON f.id = x.fo_id
    WHERE f.status < 6
    GROUP BY f.order_id, x.n) t ON t.order_id = l.order_id AND t.n = l.n
WHERE COALESCE(t.qty, 0) < l.allocated + l.picked
    AND NOT EXISTS (SELECT 1 FROM order_gates g
        WHERE g.order_id = l.order_id AND g.n = l.n)
    AND (l.untracked_at IS NULL OR l.untracked_at <> 0)
    AND NOT EXISTS (SELECT 1 FROM order_holds h
        WHERE h.order_id = l.order_id AND h.state = 1 AND h.line IN (0, l.n))
    AND NOT EXISTS (SELECT 1 FROM fulfillment_rules r
        WHERE r.channel_id = o.channel_id AND r.is_due = 1)
    AND (COALESCE((SELECT MAX(e.id) FROM events e
            WHERE e.subject_id = o.channel_id AND e.subject_kind = 'channel'
                AND e.type = 'channel.changed'
                AND e.data ->> 'payment_release' IS NOT NULL), 0)
        < COALESCE((SELECT MAX(e.id) FROM events e
            WHERE e.subject_id = o.id AND e.subject_kind = 'order'), 0)
        OR EXISTS (SELECT 1 FROM fulfillment_rules r
            WHERE r.channel_id = o.channel_id))
ORDER BY l.order_id, l.n

-- name: fulfillment_verify_status
SELECT f.id FROM fulfillment_orders f
LEFT JOIN (SELECT fo_id, SUM(qty - shipped)::bigint AS qty,
        SUM(picked)::bigint AS picked, SUM(shipped)::bigint AS shipped
    FROM fulfillment_lines GROUP BY fo_id) t ON t.fo_id = f.id
WHERE (f.status IN (6, 7)) <> (COALESCE(t.qty, 0) = 0)
    OR (f.status IN (6, 7)) <> (f.closed_at <> 0)
    OR (f.status = 6) <> (f.status IN (6, 7) AND COALESCE(t.shipped, 0) > 0)
    OR (f.status IN (1, 2, 3) AND COALESCE(t.picked, 0) > 0)
    OR (f.status = 3) <> (f.hold_reason IS NOT NULL)
ORDER BY f.id

-- name: fulfillment_verify_order
SELECT f.id FROM fulfillment_orders f
LEFT JOIN orders o ON o.id = f.order_id AND o.channel_id = f.channel_id
WHERE o.id IS NULL OR f.bucket <> (f.order_id & 255)
    OR (f.id & 255) <> f.bucket
UNION ALL
SELECT x.fo_id FROM fulfillment_lines x
LEFT JOIN fulfillment_orders f ON f.id = x.fo_id AND f.bucket = x.bucket
LEFT JOIN order_lines l ON l.order_id = f.order_id AND l.n = x.n
    AND l.sku_id = x.sku_id
WHERE l.n IS NULL

-- name: fulfillment_verify_flags
SELECT o.id FROM orders o
LEFT JOIN (SELECT order_id,
        MAX(CASE WHEN status = 3 THEN 1 ELSE 0 END)
        + MAX(CASE WHEN status = 1 THEN 2 ELSE 0 END)
        + MAX(CASE WHEN status = 4 AND request_status IN (2, 3, 5, 7)
            THEN 4 ELSE 0 END) AS flags
    FROM fulfillment_orders GROUP BY order_id) f ON f.order_id = o.id
WHERE o.fulfil_flags <> COALESCE(f.flags, 0)
ORDER BY o.id
