-- order_held.sql - what of orders is on hold.

-- name: order_held_rows
SELECT order_id, line FROM order_holds
WHERE order_id = :order_id::bigint AND state = 1
ORDER BY order_id, line
-- postgres many body:
SELECT order_id, line FROM order_holds
WHERE order_id = ANY(:order_id::bigint[]) AND state = 1
ORDER BY order_id, line
