-- order_backorder.sql - what orders wait for, kits by their components.

-- name: order_backorder_list
-- many
SELECT l.order_id, l.n * 1000 + COALESCE(p.n, 0),
    COALESCE(p.sku_id, l.sku_id), l.backordered * COALESCE(p.quantity, 1),
    -COALESCE(w.priority, 0), o.channel_id
FROM order_lines l
JOIN orders o ON o.bucket = l.bucket AND o.id = l.order_id
LEFT JOIN order_parts p ON p.order_id = l.order_id AND p.line_n = l.n
LEFT JOIN order_waits w ON w.order_id = l.order_id
WHERE l.bucket = :bucket::bigint AND l.order_id = :order_id::bigint
    AND l.backordered > 0
-- postgres many body:
SELECT l.order_id, l.n * 1000 + COALESCE(p.n, 0),
    COALESCE(p.sku_id, l.sku_id), l.backordered * COALESCE(p.quantity, 1),
    -COALESCE(w.priority, 0), o.channel_id
FROM unnest(:bucket::bigint[], :order_id::bigint[]) AS q (bucket, order_id)
JOIN orders o ON o.bucket = q.bucket AND o.id = q.order_id
JOIN order_lines l ON l.bucket = q.bucket AND l.order_id = q.order_id
LEFT JOIN order_parts p ON p.order_id = l.order_id AND p.line_n = l.n
LEFT JOIN order_waits w ON w.order_id = l.order_id
WHERE l.backordered > 0

-- name: order_verify_backorders
SELECT o.order_id
FROM (
    SELECT l.order_id, l.n * 1000 + COALESCE(p.n, 0) AS n,
        COALESCE(p.sku_id, l.sku_id) AS sku_id,
        l.backordered * COALESCE(p.quantity, 1) AS qty
    FROM order_lines l
    LEFT JOIN order_parts p ON p.order_id = l.order_id AND p.line_n = l.n
    WHERE l.backordered > 0
) o
LEFT JOIN backorder_lines b ON b.order_id = o.order_id AND b.n = o.n
WHERE b.order_id IS NULL OR b.sku_id <> o.sku_id OR b.qty <> o.qty
UNION ALL
SELECT b.order_id
FROM backorder_lines b
LEFT JOIN order_lines l ON l.order_id = b.order_id AND l.n = b.n / 1000
    AND l.backordered > 0
WHERE l.order_id IS NULL
