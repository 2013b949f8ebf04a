-- inventory_units.sql - policies, lots, serial numbers.

-- ---- policies ----

-- name: policy_by_sku
-- many
SELECT sku_id, is_lot, is_serial, is_expiry_required, version
FROM stock_policies
WHERE sku_id = :sku_id::bigint
-- postgres many body:
SELECT sku_id, is_lot, is_serial, is_expiry_required, version
FROM stock_policies
WHERE sku_id = ANY(:sku_id::bigint[])

-- name: policy_add
INSERT INTO stock_policies (sku_id, bucket, is_lot, is_serial,
    is_expiry_required, version)
VALUES (:sku_id::bigint, :bucket::bigint, :is_lot::bigint, :is_serial::bigint,
    :is_expiry_required::bigint, 1)
ON CONFLICT (sku_id) DO NOTHING

-- name: policy_save
UPDATE stock_policies SET is_lot = :is_lot::bigint,
    is_serial = :is_serial::bigint,
    is_expiry_required = :is_expiry_required::bigint, version = version + 1
WHERE sku_id = :sku_id::bigint AND version = :version::bigint

-- ---- lots ----

-- name: lot_by_code
-- many
SELECT id, sku_id, code, expires_on, created_at
FROM lots
WHERE sku_id = :sku_id::bigint AND code = :code::text
-- postgres many body:
SELECT l.id, l.sku_id, l.code, l.expires_on, l.created_at
FROM unnest(:sku_id::bigint[], :code::text[]) AS k (sku_id, code)
JOIN lots l ON l.sku_id = k.sku_id AND l.code = k.code

-- name: lot_by_id
-- many
SELECT id, sku_id, code, expires_on, created_at
FROM lots
WHERE id = :id::bigint
-- postgres many body:
SELECT id, sku_id, code, expires_on, created_at
FROM lots
WHERE id = ANY(:id::bigint[])

-- name: lot_add
-- many
INSERT INTO lots (id, bucket, sku_id, code, expires_on, created_at)
VALUES (:id::bigint, :bucket::bigint, :sku_id::bigint, :code::text,
    :expires_on::bigint, :created_at::bigint)
ON CONFLICT (sku_id, code) DO NOTHING

-- name: lot_level_get
-- many
SELECT sku_id, location_id, lot_id, expires_on, on_hand, damaged,
    quality_control, held, expired_at
FROM lot_levels
WHERE sku_id = :sku_id::bigint AND location_id = :location_id::bigint
    AND lot_id = :lot_id::bigint
-- postgres many body:
SELECT l.sku_id, l.location_id, l.lot_id, l.expires_on, l.on_hand, l.damaged,
    l.quality_control, l.held, l.expired_at
FROM unnest(:sku_id::bigint[], :location_id::bigint[], :lot_id::bigint[])
    AS k (sku_id, location_id, lot_id)
JOIN lot_levels l ON l.sku_id = k.sku_id AND l.location_id = k.location_id
    AND l.lot_id = k.lot_id

-- The level of the SKU is locked: what is written here was read under it.
-- name: lot_level_save
-- many
INSERT INTO lot_levels (sku_id, location_id, lot_id, bucket, expires_on,
    on_hand, damaged, quality_control, held, expired_at)
VALUES (:sku_id::bigint, :location_id::bigint, :lot_id::bigint,
    :bucket::bigint, :expires_on::bigint, :on_hand::bigint, :damaged::bigint,
    :quality_control::bigint, :held::bigint, :expired_at::bigint)
ON CONFLICT (sku_id, location_id, lot_id) DO UPDATE SET
    on_hand = excluded.on_hand, damaged = excluded.damaged,
    quality_control = excluded.quality_control, held = excluded.held,
    expired_at = excluded.expired_at

-- name: lot_movement_add
-- many
INSERT INTO lot_movements (lot_id, movement_id, bucket)
VALUES (:lot_id::bigint, :movement_id::bigint, :bucket::bigint)

-- Loose units only where `loose` is 1, and lots good until `good` at least.
-- name: lot_fefo
SELECT l.lot_id, l.sku_id, l.location_id, o.code, l.expires_on, l.on_hand,
    l.damaged, l.quality_control, l.held
FROM lot_levels l
JOIN lots o ON o.id = l.lot_id
WHERE l.sku_id = :sku_id::bigint
    AND (l.expires_on, l.lot_id, l.location_id) >
        (:expires_on::bigint, :lot_id::bigint, :after::bigint)
    AND (:location_id::bigint = 0 OR l.location_id = :location_id::bigint)
    AND l.on_hand > (l.damaged + l.quality_control + l.held) * :loose::bigint
    AND l.expires_on >= :good::bigint
ORDER BY l.expires_on, l.lot_id, l.location_id
LIMIT :limit::bigint

-- Of each location: its first expiry among lots good today, and its oldest.
-- name: lot_ages
-- many
SELECT l.sku_id, l.location_id, MIN(l.expires_on), MIN(o.created_at)
FROM lot_levels l
JOIN lots o ON o.id = l.lot_id
WHERE l.sku_id = :sku_id::bigint AND l.expires_on >= :today::bigint
    AND l.on_hand > l.damaged + l.quality_control + l.held
GROUP BY l.sku_id, l.location_id
-- postgres many body:
SELECT l.sku_id, l.location_id, MIN(l.expires_on), MIN(o.created_at)
FROM unnest(:sku_id::bigint[], :today::bigint[]) AS k (sku_id, today)
JOIN lot_levels l ON l.sku_id = k.sku_id AND l.expires_on >= k.today
JOIN lots o ON o.id = l.lot_id
WHERE l.on_hand > l.damaged + l.quality_control + l.held
GROUP BY l.sku_id, l.location_id

-- name: lot_due
SELECT l.lot_id, l.sku_id, l.location_id, o.code, l.expires_on, l.on_hand,
    l.damaged, l.quality_control, l.held
FROM lot_levels l
JOIN lots o ON o.id = l.lot_id
WHERE l.on_hand > l.damaged + l.quality_control + l.held
    AND l.expires_on < :today::bigint
    AND (l.expires_on, l.lot_id, l.location_id) >
        (:expires_on::bigint, :lot_id::bigint, :after::bigint)
ORDER BY l.expires_on, l.lot_id, l.location_id
LIMIT :limit::bigint

-- The first day in each zone on which a lot expires that was not told yet.
-- name: lot_next
SELECT p.tz, MIN(l.expires_on)
FROM lot_levels l
JOIN locations p ON p.id = l.location_id
WHERE l.on_hand > l.damaged + l.quality_control + l.held
    AND l.expires_on < :never::bigint AND l.expired_at IS NULL
GROUP BY p.tz

-- name: location_zone
-- many
SELECT id, tz
FROM locations
WHERE id = :id::bigint
-- postgres many body:
SELECT id, tz
FROM locations
WHERE id = ANY(:id::bigint[])

-- ---- serial numbers ----

-- name: unit_by_code
-- many
SELECT sku_id, code, lot_id, location_id, place, transit_id, movement_id
FROM serials
WHERE sku_id = :sku_id::bigint AND code = :code::text
-- postgres many body:
SELECT s.sku_id, s.code, s.lot_id, s.location_id, s.place, s.transit_id,
    s.movement_id
FROM unnest(:sku_id::bigint[], :code::text[]) AS k (sku_id, code)
JOIN serials s ON s.sku_id = k.sku_id AND s.code = k.code

-- name: unit_save
-- many
INSERT INTO serials (sku_id, code, bucket, lot_id, location_id, place,
    transit_id, movement_id)
VALUES (:sku_id::bigint, :code::text, :bucket::bigint, :lot_id::bigint,
    :location_id::bigint, :place::bigint, :transit_id::bigint,
    :movement_id::bigint)
ON CONFLICT (sku_id, code) DO UPDATE SET lot_id = excluded.lot_id,
    location_id = excluded.location_id, place = excluded.place,
    transit_id = excluded.transit_id, movement_id = excluded.movement_id

-- name: unit_page
SELECT s.sku_id, s.code, s.lot_id, s.location_id, s.place, s.transit_id,
    s.movement_id
FROM serials s
WHERE s.sku_id = :sku_id::bigint AND s.code > :after::text
    AND (:code::text = '' OR s.code = :code::text)
ORDER BY s.sku_id, s.code
LIMIT :limit::bigint

-- Loose units of a lot, where its numbers are known.
-- name: unit_of_lot
SELECT s.code
FROM serials s
WHERE s.sku_id = :sku_id::bigint AND s.lot_id = :lot_id::bigint
    AND s.location_id = :location_id::bigint AND s.place = 1
ORDER BY s.code
LIMIT :limit::bigint
