-- order_held.sql - what of orders is on hold.

-- name: order_held_rows
SELECT order_id, line FROM order_holds
WHERE order_id = :order_id::bigint AND state = 1
ORDER BY order_id, line
-- postgres many body:
SELECT order_id, line FROM order_holds
WHERE order_id = ANY(:order_id::bigint[]) AND state = 1
ORDER BY order_id, line

-- name: order_held_live
SELECT id, version, line, reason, until FROM order_holds
WHERE order_id = :order_id::bigint AND state = 1
ORDER BY id

-- name: order_held_end
UPDATE order_holds SET state = 3, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint AND state = 1
