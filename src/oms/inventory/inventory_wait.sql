-- inventory_wait.sql - queues of lines that wait, and turns to walk them.

-- name: wait_queue
SELECT rank, order_id, n, sku_id, channel_id, qty, promise_at
FROM backorder_lines
WHERE sku_id = :sku_id::bigint
    AND (rank, order_id, n) >= (:rank::bigint, :order_id::bigint, :n::bigint)
ORDER BY rank, order_id, n
LIMIT :limit::bigint

-- The beginnings of many queues.
-- name: wait_front
-- many
SELECT rank, order_id, n, sku_id, channel_id, qty, promise_at
FROM backorder_lines
WHERE sku_id = :sku_id::bigint
    AND (rank, order_id, n) >= (:rank::bigint, :order_id::bigint, :n::bigint)
ORDER BY rank, order_id, n
LIMIT :limit::bigint
-- postgres many body:
SELECT l.rank, l.order_id, l.n, l.sku_id, l.channel_id, l.qty, l.promise_at
FROM unnest(:sku_id::bigint[], :rank::bigint[], :order_id::bigint[],
    :n::bigint[], :limit::bigint[]) AS k (sku_id, rank, order_id, n, most)
CROSS JOIN LATERAL (SELECT rank, order_id, n, sku_id, channel_id, qty,
        promise_at
    FROM backorder_lines
    WHERE sku_id = k.sku_id AND (rank, order_id, n) >= (k.rank, k.order_id, k.n)
    ORDER BY rank, order_id, n
    LIMIT k.most) l

-- name: wait_list_orders
-- many
SELECT l.rank, l.order_id, l.n, l.sku_id, l.channel_id, l.qty, l.promise_at,
    CASE WHEN EXISTS (SELECT 1 FROM wait_turns t WHERE t.sku_id = l.sku_id
        AND t.kind IN (1, 2)) THEN 1 ELSE 0 END
FROM backorder_lines l
WHERE l.order_id = :order_id::bigint
-- postgres many body:
SELECT l.rank, l.order_id, l.n, l.sku_id, l.channel_id, l.qty, l.promise_at,
    CASE WHEN EXISTS (SELECT 1 FROM wait_turns t WHERE t.sku_id = l.sku_id
        AND t.kind IN (1, 2)) THEN 1 ELSE 0 END
FROM backorder_lines l
WHERE l.order_id = ANY(:order_id::bigint[])

-- name: wait_promise_save
-- many
UPDATE backorder_lines SET promise_at = :promise_at::bigint
WHERE order_id = :order_id::bigint AND n = :n::bigint
-- postgres many body:
UPDATE backorder_lines l SET promise_at = k.promise_at
FROM unnest(:promise_at::bigint[], :order_id::bigint[], :n::bigint[])
    AS k (promise_at, order_id, n)
WHERE l.order_id = k.order_id AND l.n = k.n

-- name: wait_sums
SELECT b.sku_id, b.qty, COALESCE((SELECT SUM(p.qty)::bigint FROM pegs p
    WHERE p.sku_id = b.sku_id AND p.supply_id <> 0), 0)::bigint
FROM backorders b
WHERE b.qty > 0 AND b.sku_id > :after::bigint
ORDER BY b.sku_id
LIMIT :limit::bigint

-- ---- turns ----

-- A turn asked for again begins where the earlier of both begins.
-- name: wait_turn_add
-- many
INSERT INTO wait_turns (kind, sku_id, bucket, stamp, rank, order_id, n)
VALUES (:kind::bigint, :sku_id::bigint, :bucket::bigint, :stamp::bigint,
    :rank::bigint, :order_id::bigint, :n::bigint)
ON CONFLICT (kind, sku_id) DO UPDATE SET stamp = excluded.stamp,
    rank = CASE WHEN (wait_turns.rank, wait_turns.order_id, wait_turns.n)
        > (excluded.rank, excluded.order_id, excluded.n)
        THEN excluded.rank ELSE wait_turns.rank END,
    order_id = CASE WHEN (wait_turns.rank, wait_turns.order_id, wait_turns.n)
        > (excluded.rank, excluded.order_id, excluded.n)
        THEN excluded.order_id ELSE wait_turns.order_id END,
    n = CASE WHEN (wait_turns.rank, wait_turns.order_id, wait_turns.n)
        > (excluded.rank, excluded.order_id, excluded.n)
        THEN excluded.n ELSE wait_turns.n END

-- name: wait_turn_add_all
INSERT INTO wait_turns (kind, sku_id, bucket, stamp, rank, order_id, n)
SELECT :kind::bigint, sku_id, bucket, :stamp::bigint, -100, 0, 0
FROM backorders WHERE qty > 0
ON CONFLICT (kind, sku_id) DO UPDATE SET stamp = excluded.stamp,
    rank = excluded.rank, order_id = excluded.order_id, n = excluded.n

-- name: wait_turn_list
SELECT sku_id, stamp, rank, order_id, n
FROM wait_turns
WHERE kind = :kind::bigint
ORDER BY stamp, sku_id
LIMIT :limit::bigint

-- name: wait_turn_lock
SELECT sku_id, stamp, rank, order_id, n
FROM wait_turns
WHERE kind = :kind::bigint
ORDER BY stamp, sku_id
LIMIT :limit::bigint
-- postgres: FOR UPDATE SKIP LOCKED

-- name: wait_turn_any
SELECT sku_id FROM wait_turns LIMIT 1

-- name: wait_turn_end
DELETE FROM wait_turns
WHERE kind = :kind::bigint AND sku_id = :sku_id::bigint
    AND stamp = :stamp::bigint

-- name: wait_turn_move
UPDATE wait_turns SET rank = :rank::bigint, order_id = :order_id::bigint,
    n = :n::bigint
WHERE kind = :kind::bigint AND sku_id = :sku_id::bigint
    AND stamp = :stamp::bigint

-- name: wait_withheld
SELECT t.sku_id, b.qty, t.rank, t.order_id, t.n
FROM wait_turns t
JOIN backorders b ON b.sku_id = t.sku_id
WHERE t.kind = 1 AND b.qty > 0

-- ---- pegs ----

-- name: peg_range
SELECT p.rank, p.order_id, p.n, p.supply_id, p.qty,
    COALESCE(s.location_id, 0), COALESCE(s.expected_at, 0),
    COALESCE(s.reference, '')
FROM pegs p
LEFT JOIN supplies s ON s.id = p.supply_id
WHERE p.sku_id = :sku_id::bigint
    AND (p.rank, p.order_id, p.n)
        >= (:rank::bigint, :order_id::bigint, :n::bigint)
    AND (p.rank, p.order_id, p.n)
        <= (:to_rank::bigint, :to_order_id::bigint, :to_n::bigint)
ORDER BY p.rank, p.order_id, p.n, COALESCE(s.expected_at, 0), p.supply_id

-- name: peg_before
SELECT supply_id, SUM(qty)::bigint
FROM pegs
WHERE sku_id = :sku_id::bigint
    AND (rank, order_id, n) < (:rank::bigint, :order_id::bigint, :n::bigint)
GROUP BY supply_id

-- name: peg_beyond
SELECT order_id FROM pegs
WHERE sku_id = :sku_id::bigint
    AND (rank, order_id, n) > (:rank::bigint, :order_id::bigint, :n::bigint)
LIMIT 1

-- name: peg_supplies
SELECT id, location_id, open, expected_at
FROM supplies
WHERE state = 1 AND sku_id = :sku_id::bigint AND open > 0
ORDER BY expected_at, id
LIMIT :limit::bigint

-- name: peg_add
-- many
INSERT INTO pegs (sku_id, rank, order_id, n, supply_id, bucket, qty)
VALUES (:sku_id::bigint, :rank::bigint, :order_id::bigint, :n::bigint,
    :supply_id::bigint, :bucket::bigint, :qty::bigint)

-- name: peg_drop
DELETE FROM pegs
WHERE sku_id = :sku_id::bigint
    AND (rank, order_id, n) >= (:rank::bigint, :order_id::bigint, :n::bigint)
    AND (rank, order_id, n)
        <= (:to_rank::bigint, :to_order_id::bigint, :to_n::bigint)
