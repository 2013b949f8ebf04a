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

-- name: backorder_open
-- many
INSERT INTO backorders (sku_id, bucket, qty)
VALUES (:sku_id::bigint, :bucket::bigint, 0)
ON CONFLICT (sku_id) DO NOTHING

-- name: backorder_move
-- many
UPDATE backorders SET qty = qty + :by::bigint WHERE sku_id = :sku_id::bigint
-- postgres many body:
UPDATE backorders b SET qty = b.qty + k.by
FROM unnest(:by::bigint[], :sku_id::bigint[]) AS k (by, sku_id)
WHERE b.sku_id = k.sku_id

-- name: backorder_line_list
-- many
SELECT order_id, n, sku_id, qty, rank, channel_id
FROM backorder_lines
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT order_id, n, sku_id, qty, rank, channel_id
FROM backorder_lines
WHERE order_id = ANY(:order_id::bigint[])

-- name: backorder_line_add
-- many
INSERT INTO backorder_lines (sku_id, qty, rank, channel_id, order_id, n)
VALUES (:sku_id::bigint, :qty::bigint, :rank::bigint, :channel_id::bigint,
    :order_id::bigint, :n::bigint)
ON CONFLICT DO NOTHING

-- name: backorder_line_change
-- many
UPDATE backorder_lines SET sku_id = :sku_id::bigint, qty = :qty::bigint,
    rank = :rank::bigint, channel_id = :channel_id::bigint
WHERE order_id = :order_id::bigint AND n = :n::bigint AND qty = :was::bigint
-- postgres many body:
UPDATE backorder_lines b SET sku_id = k.sku_id, qty = k.qty, rank = k.rank,
    channel_id = k.channel_id
FROM unnest(:order_id::bigint[], :n::bigint[], :sku_id::bigint[],
    :qty::bigint[], :rank::bigint[], :channel_id::bigint[], :was::bigint[])
    AS k (order_id, n, sku_id, qty, rank, channel_id, was)
WHERE b.order_id = k.order_id AND b.n = k.n AND b.qty = k.was

-- name: backorder_line_drop
-- many
DELETE FROM backorder_lines
WHERE order_id = :order_id::bigint AND n = :n::bigint AND qty = :was::bigint
-- postgres many body:
DELETE FROM backorder_lines b
USING unnest(:order_id::bigint[], :n::bigint[], :was::bigint[])
    AS k (order_id, n, was)
WHERE b.order_id = k.order_id AND b.n = k.n AND b.qty = k.was

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
