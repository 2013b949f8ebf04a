-- inventory_receipts.sql - goods that came in.

-- name: receipt_add
INSERT INTO receipts (id, location_id, reference, event_id, created_at)
VALUES (:id::bigint, :location_id::bigint, :reference::text, :event_id::bigint,
    :created_at::bigint)

-- name: receipt_line_add
-- many
INSERT INTO receipt_lines (receipt_id, n, sku_id, qty, bucket_to, lot_id,
    supply_id, movement_id, serials)
VALUES (:receipt_id::bigint, :n::bigint, :sku_id::bigint, :qty::bigint,
    :bucket_to::bigint, :lot_id::bigint, :supply_id::bigint,
    :movement_id::bigint, :serials::jsonb)

-- name: receipt_row
SELECT id, location_id, reference, event_id, created_at
FROM receipts
WHERE id = :id::bigint

-- name: receipt_page
SELECT id, location_id, reference, event_id, created_at
FROM receipts
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: receipt_page_location
SELECT id, location_id, reference, event_id, created_at
FROM receipts
WHERE location_id = :location_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: receipt_line_list
-- many
SELECT receipt_id, n, sku_id, qty, bucket_to, lot_id, supply_id, serials
FROM receipt_lines
WHERE receipt_id = :receipt_id::bigint
-- postgres many body:
SELECT receipt_id, n, sku_id, qty, bucket_to, lot_id, supply_id, serials
FROM receipt_lines
WHERE receipt_id = ANY(:receipt_id::bigint[])
