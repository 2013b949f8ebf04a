-- payment_capture.sql - orders whose channel has a rule and whose gateways
-- promised something.

-- name: capture_is_ruled
SELECT 1 FROM channels WHERE payment_capture > 1 LIMIT 1

-- name: capture_payment_order
-- many
SELECT order_id FROM payment_intents WHERE id = :id::bigint
-- postgres many body:
SELECT p.order_id FROM unnest(:id::bigint[]) AS k(id)
JOIN payment_intents p ON p.id = k.id

-- name: capture_order
-- many
SELECT o.id, c.payment_capture FROM orders o
JOIN channels c ON c.id = o.channel_id AND c.payment_capture > 1
WHERE o.bucket = :bucket::bigint AND o.id = :id::bigint
    AND EXISTS (SELECT 1 FROM payment_intents p WHERE p.order_id = o.id
        AND p.account_id IS NOT NULL AND p.authorized > 0)
-- postgres many body:
SELECT o.id, c.payment_capture
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id
JOIN channels c ON c.id = o.channel_id AND c.payment_capture > 1
WHERE EXISTS (SELECT 1 FROM payment_intents p WHERE p.order_id = o.id
    AND p.account_id IS NOT NULL AND p.authorized > 0)
