-- fulfillment_closure.sql - locations that closed and what waits there.

-- name: fulfillment_closure_add
INSERT INTO fulfillment_closures (location_id, after_id)
VALUES (:location_id::bigint, 0)
ON CONFLICT (location_id) DO UPDATE SET after_id = 0

-- name: fulfillment_closure_list
SELECT location_id, after_id FROM fulfillment_closures
ORDER BY location_id LIMIT :limit::bigint

-- name: fulfillment_closure_any
SELECT location_id FROM fulfillment_closures LIMIT 1

-- name: fulfillment_closure_save
UPDATE fulfillment_closures SET after_id = :after_id::bigint
WHERE location_id = :location_id::bigint

-- name: fulfillment_closure_end
DELETE FROM fulfillment_closures WHERE location_id = :location_id::bigint

-- name: fulfillment_waiting_at
SELECT id FROM fulfillment_orders
WHERE location_id = :location_id::bigint AND status IN (1, 2, 3)
    AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint
