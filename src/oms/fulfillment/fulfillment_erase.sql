-- fulfillment_erase.sql - what fulfillment orders say of people, taken out.

-- name: fulfillment_erase
UPDATE fulfillment_orders SET request = json_remove(request, '$.message'),
    updated_at = :updated_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND request ->> 'message' IS NOT NULL
RETURNING id, version
-- postgres body:
UPDATE fulfillment_orders SET request = request - 'message',
    updated_at = :updated_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND request ->> 'message' IS NOT NULL
RETURNING id, version
