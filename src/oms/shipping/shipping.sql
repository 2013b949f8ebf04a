-- shipping.sql - parcels and what is in them.

-- columns: package
id, order_id, fo_id, location_id, state, reached, trace_at, is_closed,
box_id, weight_g, length_mm, width_mm, height_mm, is_weighed, account_id,
carrier, service, tracking, sscc, currency, list_minor, quoted_minor,
cost_minor, choice, label_id, manifest_id, packed_at, shipped_at,
delivered_at, version, created_at, updated_at, erased_at, returns_id

-- name: package_add
INSERT INTO packages (id, bucket, order_id, fo_id, location_id, state, reached,
    trace_at, is_closed, box_id, weight_g, length_mm, width_mm, height_mm,
    is_weighed, carrier, service, choice, packed_at, version, created_at,
    updated_at, returns_id)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :fo_id::bigint,
    :location_id::bigint, 1, 1, 0, :is_closed::bigint, :box_id::bigint,
    :weight_g::bigint, :length_mm::bigint, :width_mm::bigint,
    :height_mm::bigint, :is_weighed::bigint, '', '', '{}',
    :packed_at::bigint, 1, :created_at::bigint, :created_at::bigint,
    :returns_id::bigint)

-- name: package_save
UPDATE packages SET state = :state::bigint, reached = :reached::bigint,
    trace_at = :trace_at::bigint, is_closed = :is_closed::bigint,
    box_id = :box_id::bigint, weight_g = :weight_g::bigint,
    length_mm = :length_mm::bigint, width_mm = :width_mm::bigint,
    height_mm = :height_mm::bigint, is_weighed = :is_weighed::bigint,
    account_id = :account_id::bigint, carrier = :carrier::text,
    service = :service::text, tracking = :tracking::text, sscc = :sscc::text,
    currency = :currency::text, list_minor = :list_minor::bigint,
    quoted_minor = :quoted_minor::bigint, cost_minor = :cost_minor::bigint,
    choice = :choice::jsonb, label_id = :label_id::bigint,
    manifest_id = :manifest_id::bigint, packed_at = :packed_at::bigint,
    shipped_at = :shipped_at::bigint, delivered_at = :delivered_at::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND id = :id::bigint
    AND version = :version::bigint

-- name: package_row
SELECT {package}
FROM packages
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: package_lock
SELECT {package}
FROM packages
WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE

-- Another parcel of the order in trouble, on its way back, or lost.
-- name: package_trouble
SELECT id FROM packages
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND id <> :id::bigint AND state IN (8, 9, 10) AND returns_id IS NULL
LIMIT 1

-- Those that bring goods of a parcel back.
-- name: package_returns
SELECT id FROM packages
WHERE bucket = :bucket::bigint AND returns_id = :returns_id::bigint
    AND state <> 11
LIMIT :limit::bigint

-- name: package_page
SELECT {package}
FROM packages
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_state
SELECT {package}
FROM packages
WHERE state = :state::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_place
SELECT {package}
FROM packages
WHERE location_id = :location_id::bigint AND state = :state::bigint
    AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_fo
SELECT {package}
FROM packages
WHERE fo_id = :fo_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_order
SELECT {package}
FROM packages
WHERE order_id = :order_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_tracking
SELECT {package}
FROM packages
WHERE tracking = :tracking::text AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_number
SELECT {package}
FROM packages
WHERE tracking = :tracking::text AND account_id = :account_id::bigint
    AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_manifest
SELECT {package}
FROM packages
WHERE manifest_id = :manifest_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_page_to_ship
SELECT {package}
FROM packages
WHERE state = 3 AND returns_id IS NULL
    AND location_id = :location_id::bigint
    AND account_id = :account_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: package_item_list
-- many
SELECT package_id, n, sku_id, qty, per_line
FROM package_items
WHERE package_id = :package_id::bigint
-- postgres many body:
SELECT package_id, n, sku_id, qty, per_line
FROM package_items
WHERE package_id = ANY(:package_id::bigint[])

-- name: package_item_save
-- many
INSERT INTO package_items (package_id, bucket, n, sku_id, qty, per_line)
VALUES (:package_id::bigint, :bucket::bigint, :n::bigint, :sku_id::bigint,
    :qty::bigint, :per_line::bigint)
ON CONFLICT (package_id, n, sku_id) DO UPDATE SET qty = excluded.qty

-- name: package_item_drop
DELETE FROM package_items
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: package_unit_drop
DELETE FROM package_units
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: package_unit_list
-- many
SELECT package_id, n, sku_id, lot, number, qty
FROM package_units
WHERE package_id = :package_id::bigint
-- postgres many body:
SELECT package_id, n, sku_id, lot, number, qty
FROM package_units
WHERE package_id = ANY(:package_id::bigint[])

-- name: package_unit_add
-- many
INSERT INTO package_units (package_id, bucket, n, sku_id, lot, number, qty)
VALUES (:package_id::bigint, :bucket::bigint, :n::bigint, :sku_id::bigint,
    :lot::text, :number::text, :qty::bigint)
ON CONFLICT (package_id, n, sku_id, lot, number)
    DO UPDATE SET qty = package_units.qty + excluded.qty

-- name: package_scan_add
INSERT INTO package_scans (package_id, scan_id, hash)
VALUES (:package_id::bigint, :scan_id::text, :hash::bigint)
ON CONFLICT (package_id, scan_id) DO NOTHING

-- name: package_scan_find
SELECT hash FROM package_scans
WHERE package_id = :package_id::bigint AND scan_id = :scan_id::text

-- Who got units of a lot, or the unit of that number.
-- name: recall_lot
SELECT u.package_id, u.n, u.lot, u.number, u.qty
FROM package_units u
WHERE u.sku_id = :sku_id::bigint AND u.lot = :lot::text AND u.lot <> ''
    AND u.package_id > :after::bigint
ORDER BY u.package_id
LIMIT :limit::bigint

-- name: recall_number
SELECT u.package_id, u.n, u.lot, u.number, u.qty
FROM package_units u
WHERE u.sku_id = :sku_id::bigint AND u.number = :number::text
    AND u.number <> '' AND u.package_id > :after::bigint
ORDER BY u.package_id
LIMIT :limit::bigint
