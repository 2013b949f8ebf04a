-- order_pick.sql - lines of orders for pick tickets.

-- name: order_line_texts
-- many
SELECT l.order_id, l.n, l.sku_id, l.sku_code, l.title, o.number, l.doc,
    l.is_kit
FROM order_lines l
JOIN orders o ON o.bucket = l.bucket AND o.id = l.order_id
WHERE l.bucket = :bucket::bigint AND l.order_id = :order_id::bigint
    AND l.n = :n::bigint
-- postgres many body:
SELECT l.order_id, l.n, l.sku_id, l.sku_code, l.title, o.number, l.doc,
    l.is_kit
FROM unnest(:bucket::bigint[], :order_id::bigint[], :n::bigint[])
    AS k (bucket, order_id, n)
JOIN order_lines l ON l.bucket = k.bucket AND l.order_id = k.order_id
    AND l.n = k.n
JOIN orders o ON o.bucket = l.bucket AND o.id = l.order_id

-- name: order_kit_parts
-- many
SELECT order_id, line_n, n, sku_id, quantity
FROM order_parts
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
-- postgres many body:
SELECT p.order_id, p.line_n, p.n, p.sku_id, p.quantity
FROM (SELECT DISTINCT bucket, order_id
    FROM unnest(:bucket::bigint[], :order_id::bigint[])
    AS u (bucket, order_id)) k
JOIN order_parts p ON p.bucket = k.bucket AND p.order_id = k.order_id
