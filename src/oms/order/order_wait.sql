-- order_wait.sql - orders that wait, and what they were told.

-- name: order_wait_add
-- many
INSERT INTO order_waits (order_id, bucket, priority, promise_at, is_stale,
    is_missed)
VALUES (:order_id::bigint, :bucket::bigint, 0, 0, 1, 0)
ON CONFLICT (order_id) DO UPDATE SET is_stale = excluded.is_stale

-- name: order_wait_stale
-- many
UPDATE order_waits SET is_stale = 1 WHERE order_id = :order_id::bigint
-- postgres many body:
UPDATE order_waits SET is_stale = 1 WHERE order_id = ANY(:order_id::bigint[])

-- name: order_wait_stale_list
SELECT order_id, priority, promise_at, is_missed FROM order_waits
WHERE is_stale = 1
ORDER BY order_id
LIMIT :limit::bigint
-- postgres: FOR UPDATE SKIP LOCKED

-- name: order_wait_due_list
SELECT order_id, priority, promise_at, is_missed FROM order_waits
WHERE promise_at > 0 AND is_missed = 0 AND promise_at < :now::bigint
ORDER BY promise_at, order_id
LIMIT :limit::bigint
-- postgres: FOR UPDATE SKIP LOCKED

-- name: order_wait_next
SELECT CASE WHEN EXISTS (SELECT 1 FROM order_waits WHERE is_stale = 1) THEN 1
    ELSE 0 END, MIN(promise_at)::bigint
FROM order_waits
WHERE promise_at > 0 AND is_missed = 0

-- name: order_wait_save
-- many
UPDATE order_waits SET promise_at = :promise_at::bigint,
    is_missed = :is_missed::bigint, is_stale = 0
WHERE order_id = :order_id::bigint
-- postgres many body:
UPDATE order_waits w SET promise_at = k.promise_at, is_missed = k.is_missed,
    is_stale = 0
FROM unnest(:promise_at::bigint[], :is_missed::bigint[], :order_id::bigint[])
    AS k (promise_at, is_missed, order_id)
WHERE w.order_id = k.order_id

-- name: order_wait_drop
-- many
DELETE FROM order_waits WHERE order_id = :order_id::bigint AND priority = 0
-- postgres many body:
DELETE FROM order_waits
WHERE order_id = ANY(:order_id::bigint[]) AND priority = 0

-- name: order_wait_get
SELECT priority, promise_at FROM order_waits WHERE order_id = :order_id::bigint

-- name: order_wait_prioritize
INSERT INTO order_waits (order_id, bucket, priority, promise_at, is_stale,
    is_missed)
VALUES (:order_id::bigint, :bucket::bigint, :priority::bigint, 0, 1, 0)
ON CONFLICT (order_id) DO UPDATE SET priority = excluded.priority,
    is_stale = excluded.is_stale

-- name: order_wait_numbers
-- many
SELECT id, number FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres many body:
SELECT o.id, o.number
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k (bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id

-- ---- verify ----

-- name: order_verify_promises
SELECT w.order_id FROM order_waits w
LEFT JOIN (SELECT order_id, MIN(promise_at) AS least, MAX(promise_at) AS most
    FROM backorder_lines GROUP BY order_id) l ON l.order_id = w.order_id
WHERE w.promise_at <> CASE WHEN l.least > 0 AND l.most > 1 THEN l.most
    ELSE 0 END

-- name: order_verify_peg_supplies
SELECT p.supply_id, p.qty, COALESCE(s.open, 0)
FROM (SELECT supply_id, SUM(qty)::bigint AS qty FROM pegs
    WHERE supply_id <> 0 GROUP BY supply_id) p
LEFT JOIN supplies s ON s.id = p.supply_id
WHERE p.qty > COALESCE(s.open, 0)

-- name: order_verify_peg_lines
SELECT p.order_id, p.n, p.qty, COALESCE(l.qty, 0)
FROM (SELECT sku_id, rank, order_id, n, SUM(qty)::bigint AS qty FROM pegs
    GROUP BY sku_id, rank, order_id, n) p
LEFT JOIN backorder_lines l ON l.order_id = p.order_id AND l.n = p.n
    AND l.sku_id = p.sku_id AND l.rank = p.rank
WHERE p.qty > COALESCE(l.qty, 0)
