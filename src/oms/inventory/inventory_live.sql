-- inventory_live.sql - levels as watchers see them: read, never locked.

-- name: level_live
-- many
-- hot
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
-- postgres many body:
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = ANY(:bucket::bigint[]) AND sku_id = ANY(:sku_id::bigint[])
