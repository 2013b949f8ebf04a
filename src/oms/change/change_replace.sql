-- change_replace.sql - lines that replace others of their order.

-- name: replacement_add
INSERT INTO order_replacements (order_id, n, bucket, of_n, qty, cause, at)
VALUES (:order_id::bigint, :n::bigint, :bucket::bigint, :of_n::bigint,
    :qty::bigint, :cause::bigint, :now::bigint)

-- name: replacement_list
SELECT r.n, r.of_n, r.qty, r.cause, r.at, l.ordered - l.cancelled,
    COALESCE(x.id, 0), COALESCE(x.return_id, 0), COALESCE(x.state, 0)
FROM order_replacements r
JOIN order_lines l ON l.order_id = r.order_id AND l.n = r.n
LEFT JOIN exchanges x ON x.order_id = r.order_id AND x.first_line = r.n
WHERE r.order_id = :order_id::bigint
ORDER BY r.n

-- ---- verify ----

-- name: replacement_verify_line
SELECT r.order_id, r.n FROM order_replacements r
LEFT JOIN order_lines l ON l.order_id = r.order_id AND l.n = r.n
LEFT JOIN order_lines o ON o.order_id = r.order_id AND o.n = r.of_n
WHERE l.n IS NULL OR o.n IS NULL OR l.sku_id <> o.sku_id
    OR l.ordered < r.qty OR r.bucket <> (r.order_id & 255)
ORDER BY r.order_id, r.n

-- name: replacement_verify_limit
SELECT o.order_id, o.n FROM order_lines o
JOIN (SELECT r.order_id, r.of_n, SUM(l.ordered - l.cancelled)::bigint AS qty
    FROM order_replacements r
    JOIN order_lines l ON l.order_id = r.order_id AND l.n = r.n
    GROUP BY r.order_id, r.of_n) s ON s.order_id = o.order_id AND s.of_n = o.n
WHERE s.qty > o.shipped
ORDER BY o.order_id, o.n

-- name: replacement_verify_return
SELECT r.order_id, r.n FROM order_replacements r
JOIN exchanges x ON x.order_id = r.order_id AND x.first_line = r.n
WHERE NOT EXISTS (SELECT 1 FROM return_lines l
    WHERE l.return_id = x.return_id AND l.n = r.of_n AND l.qty = r.qty)
ORDER BY r.order_id, r.n
