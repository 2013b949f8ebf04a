-- inventory_backorder.sql - units that orders wait for, by SKU.

-- name: backorder_get
-- many
SELECT sku_id, qty
FROM backorders
WHERE sku_id = :sku_id::bigint
-- postgres many body:
SELECT sku_id, qty
FROM backorders
WHERE sku_id = ANY(:sku_id::bigint[])

-- name: backorder_save
-- many
INSERT INTO backorders (sku_id, bucket, qty)
VALUES (:sku_id::bigint, :bucket::bigint, :qty::bigint)
ON CONFLICT (sku_id) DO UPDATE SET qty = excluded.qty

-- name: backorder_line_list
-- many
SELECT order_id, n, sku_id, qty, rank
FROM backorder_lines
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT order_id, n, sku_id, qty, rank
FROM backorder_lines
WHERE order_id = ANY(:order_id::bigint[])

-- name: backorder_line_save
-- many
INSERT INTO backorder_lines (order_id, n, sku_id, qty, rank, channel_id)
VALUES (:order_id::bigint, :n::bigint, :sku_id::bigint, :qty::bigint,
    :rank::bigint, :channel_id::bigint)
ON CONFLICT (order_id, n) DO UPDATE SET qty = excluded.qty,
    sku_id = excluded.sku_id, rank = excluded.rank,
    channel_id = excluded.channel_id

-- name: backorder_line_drop
-- many
DELETE FROM backorder_lines
WHERE order_id = :order_id::bigint AND n = :n::bigint
-- postgres many body:
DELETE FROM backorder_lines b
USING unnest(:order_id::bigint[], :n::bigint[]) AS k (order_id, n)
WHERE b.order_id = k.order_id AND b.n = k.n

-- name: verify_backorders
SELECT b.sku_id
FROM backorders b
LEFT JOIN (
    SELECT sku_id, SUM(qty)::bigint AS qty
    FROM backorder_lines
    GROUP BY sku_id
) l ON l.sku_id = b.sku_id
WHERE b.qty <> COALESCE(l.qty, 0)
UNION ALL
SELECT l.sku_id
FROM backorder_lines l
LEFT JOIN backorders b ON b.sku_id = l.sku_id
WHERE b.sku_id IS NULL
