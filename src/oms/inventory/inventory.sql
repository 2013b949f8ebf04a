-- inventory.sql - levels, movements, reservations and locations.

-- ---- levels ----

-- name: level_lock
-- only: sqlite
-- many
-- hot
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
ORDER BY bucket, sku_id, location_id

-- The first level of each SKU stands for all of them: whoever changes levels of
-- a SKU locks it before, in order of key, and reads the others after.
-- name: level_gate
-- only: postgres
-- many
SELECT sku_id FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
ORDER BY location_id LIMIT 1 FOR UPDATE
-- postgres many body:
SELECT l.sku_id
FROM unnest(:bucket::bigint[], :sku_id::bigint[]) AS k (bucket, sku_id)
CROSS JOIN LATERAL (
    SELECT sku_id FROM levels
    WHERE bucket = k.bucket AND sku_id = k.sku_id
    ORDER BY location_id LIMIT 1 FOR UPDATE) AS l

-- name: level_behind_gate
-- only: postgres
-- many
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
ORDER BY bucket, sku_id, location_id
-- postgres many body:
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = ANY(:bucket::bigint[]) AND sku_id = ANY(:sku_id::bigint[])
ORDER BY bucket, sku_id, location_id

-- name: level_near
-- only: postgres
-- many
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
-- postgres many body:
SELECT l.sku_id, l.location_id, l.on_hand, l.committed, l.reserved, l.damaged,
    l.quality_control, l.held, l.incoming, l.safety_stock, l.last_movement_id,
    l.version, l.low_stock, l.channel_policies
FROM unnest(:bucket::bigint[], :sku_id::bigint[], :location_id::bigint[])
    AS k (bucket, sku_id, location_id)
JOIN levels l ON l.bucket = k.bucket AND l.sku_id = k.sku_id
    AND l.location_id = k.location_id
ORDER BY l.bucket, l.sku_id, l.location_id

-- name: level_take
-- many
-- hot
UPDATE levels SET
    committed = committed + :committed::bigint,
    last_movement_id = :last_id::bigint,
    version = version + 1
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
    AND last_movement_id = :prev_id::bigint
    AND on_hand - committed - reserved - damaged - quality_control - held
        - safety_stock >= :taken::bigint
-- postgres many body:
UPDATE levels l SET
    committed = l.committed + k.committed,
    last_movement_id = k.last_id,
    version = l.version + 1
FROM unnest(:committed::bigint[], :last_id::bigint[], :bucket::bigint[],
    :sku_id::bigint[], :location_id::bigint[], :prev_id::bigint[],
    :taken::bigint[])
    AS k (committed, last_id, bucket, sku_id, location_id, prev_id, taken)
WHERE l.bucket = k.bucket AND l.sku_id = k.sku_id
    AND l.location_id = k.location_id
    AND l.last_movement_id = k.prev_id
    AND l.on_hand - l.committed - l.reserved - l.damaged - l.quality_control
        - l.held - l.safety_stock >= k.taken

-- name: level_hold
-- many
-- hot
UPDATE levels SET
    committed = committed + :committed::bigint,
    reserved = reserved + :reserved::bigint,
    last_movement_id = :last_id::bigint,
    version = version + 1
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
    AND last_movement_id = :prev_id::bigint
    AND on_hand - committed - reserved - damaged - quality_control - held
        - safety_stock >= :taken::bigint
-- postgres many body:
UPDATE levels l SET
    committed = l.committed + k.committed,
    reserved = l.reserved + k.reserved,
    last_movement_id = k.last_id,
    version = l.version + 1
FROM unnest(:committed::bigint[], :reserved::bigint[], :last_id::bigint[],
    :bucket::bigint[], :sku_id::bigint[], :location_id::bigint[],
    :prev_id::bigint[], :taken::bigint[])
    AS k (committed, reserved, last_id, bucket, sku_id, location_id, prev_id,
        taken)
WHERE l.bucket = k.bucket AND l.sku_id = k.sku_id
    AND l.location_id = k.location_id
    AND l.last_movement_id = k.prev_id
    AND l.on_hand - l.committed - l.reserved - l.damaged - l.quality_control
        - l.held - l.safety_stock >= k.taken

-- name: level_change
-- many
UPDATE levels SET
    on_hand = on_hand + :on_hand::bigint,
    committed = committed + :committed::bigint,
    reserved = reserved + :reserved::bigint,
    damaged = damaged + :damaged::bigint,
    quality_control = quality_control + :quality_control::bigint,
    held = held + :held::bigint,
    safety_stock = :safety_stock::bigint,
    low_stock = :low_stock::bigint,
    channel_policies = :channel_policies::bigint,
    last_movement_id = :last_id::bigint,
    version = version + 1,
    incoming = incoming + :incoming::bigint
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
    AND last_movement_id = :prev_id::bigint
    AND version = :version::bigint
-- postgres many body:
UPDATE levels l SET
    on_hand = l.on_hand + k.on_hand,
    committed = l.committed + k.committed,
    reserved = l.reserved + k.reserved,
    damaged = l.damaged + k.damaged,
    quality_control = l.quality_control + k.quality_control,
    held = l.held + k.held,
    safety_stock = k.safety_stock,
    low_stock = k.low_stock,
    channel_policies = k.channel_policies,
    last_movement_id = k.last_id,
    version = l.version + 1,
    incoming = l.incoming + k.incoming
FROM unnest(:on_hand::bigint[], :committed::bigint[], :reserved::bigint[],
    :damaged::bigint[], :quality_control::bigint[], :held::bigint[],
    :safety_stock::bigint[], :low_stock::bigint[],
    :channel_policies::bigint[], :last_id::bigint[], :bucket::bigint[],
    :sku_id::bigint[], :location_id::bigint[], :prev_id::bigint[],
    :version::bigint[], :incoming::bigint[])
    AS k (on_hand, committed, reserved, damaged, quality_control, held,
        safety_stock, low_stock, channel_policies, last_id, bucket, sku_id,
        location_id, prev_id, version, incoming)
WHERE l.bucket = k.bucket AND l.sku_id = k.sku_id
    AND l.location_id = k.location_id
    AND l.last_movement_id = k.prev_id
    AND l.version = k.version

-- name: level_open
-- many
INSERT INTO levels (bucket, sku_id, location_id, on_hand, committed, reserved,
    damaged, quality_control, held, incoming, safety_stock, last_movement_id,
    version)
VALUES (:bucket::bigint, :sku_id::bigint, :location_id::bigint, 0, 0, 0,
    0, 0, 0, 0, 0, 0,
    1)
ON CONFLICT (sku_id, location_id) DO NOTHING
-- postgres many body:
INSERT INTO levels (bucket, sku_id, location_id, on_hand, committed, reserved,
    damaged, quality_control, held, incoming, safety_stock, last_movement_id,
    version)
SELECT k.bucket, k.sku_id, k.location_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
FROM unnest(:bucket::bigint[], :sku_id::bigint[], :location_id::bigint[])
    AS k (bucket, sku_id, location_id)
ORDER BY k.bucket, k.sku_id, k.location_id
ON CONFLICT (sku_id, location_id) DO NOTHING

-- name: level_get
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint

-- name: level_list
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE (sku_id, location_id) > (:sku_id::bigint, :location_id::bigint)
ORDER BY sku_id, location_id
LIMIT :limit::bigint

-- name: level_list_sku
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id > :after::bigint
ORDER BY location_id
LIMIT :limit::bigint

-- name: level_list_location
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE location_id = :location_id::bigint AND sku_id > :after::bigint
ORDER BY sku_id
LIMIT :limit::bigint

-- Those with any policy stand in an index of their own.
-- name: level_list_policies
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE (safety_stock > 0 OR low_stock IS NOT NULL OR channel_policies > 0)
    AND (sku_id, location_id) > (:sku_id::bigint, :location_id::bigint)
ORDER BY sku_id, location_id
LIMIT :limit::bigint

-- The levels of a component where the first one is.
-- name: level_list_at
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
-- postgres many body:
SELECT l.sku_id, l.location_id, l.on_hand, l.committed, l.reserved, l.damaged,
    l.quality_control, l.held, l.incoming, l.safety_stock, l.last_movement_id,
    l.version, l.low_stock, l.channel_policies
FROM unnest(:bucket::bigint[], :sku_id::bigint[], :location_id::bigint[])
    AS k (bucket, sku_id, location_id)
JOIN levels l ON l.bucket = k.bucket AND l.sku_id = k.sku_id
    AND l.location_id = k.location_id

-- ---- policies of channels ----

-- name: safety_list
SELECT sku_id, location_id, channel_id, safety_stock, version
FROM level_policies
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
-- postgres many body:
SELECT sku_id, location_id, channel_id, safety_stock, version
FROM level_policies
WHERE bucket = ANY(:bucket::bigint[]) AND sku_id = ANY(:sku_id::bigint[])

-- name: safety_save
-- many
INSERT INTO level_policies (bucket, sku_id, location_id, channel_id,
    safety_stock, version)
VALUES (:bucket::bigint, :sku_id::bigint, :location_id::bigint,
    :channel_id::bigint, :safety_stock::bigint, :version::bigint)
ON CONFLICT (sku_id, location_id, channel_id) DO UPDATE SET
    safety_stock = excluded.safety_stock, version = excluded.version

-- name: safety_drop
DELETE FROM level_policies
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint
    AND channel_id = :channel_id::bigint

-- ---- movements ----

-- name: movement_add
-- many
-- later
-- hot
INSERT INTO movements (id, bucket, sku_id, location_id, prev_id, type,
    bucket_from, bucket_to, qty, reason, ref_kind, ref_id, event_id, at)
VALUES (:id::bigint, :bucket::bigint, :sku_id::bigint, :location_id::bigint,
    :prev_id::bigint, :type::bigint, :bucket_from::bigint,
    :bucket_to::bigint, :qty::bigint, :reason::text, :ref_kind::bigint,
    :ref_id::bigint, :event_id::bigint, :at::bigint)

-- The ledger of a level, newest first: each row names the one before it.
-- name: movement_walk
WITH RECURSIVE chain (n, id, prev_id, type, bucket_from, bucket_to, qty,
    reason, ref_kind, ref_id, event_id, at) AS (
    SELECT 1, m.id, m.prev_id, m.type, m.bucket_from, m.bucket_to, m.qty,
        m.reason, m.ref_kind, m.ref_id, m.event_id, m.at
    FROM movements m
    WHERE m.bucket = :bucket::bigint AND m.id = :id::bigint
        AND m.sku_id = :sku_id::bigint
        AND m.location_id = :location_id::bigint
    UNION ALL
    SELECT c.n + 1, m.id, m.prev_id, m.type, m.bucket_from, m.bucket_to,
        m.qty, m.reason, m.ref_kind, m.ref_id, m.event_id, m.at
    FROM chain c
    JOIN movements m ON m.bucket = :bucket::bigint AND m.id = c.prev_id
    WHERE c.n < :limit::bigint
)
SELECT id, prev_id, type, bucket_from, bucket_to, qty, reason, ref_kind,
    ref_id, event_id, at
FROM chain
ORDER BY n

-- What came to each bucket of a level after an instant, less what left it:
-- its chain walked back to the first movement that is not younger. `next` is
-- where a full page goes on; `is_found` is 1 where that movement was met.
-- name: movement_undo
WITH RECURSIVE chain (n, prev_id, at, bucket_from, bucket_to, qty) AS (
    SELECT 1, m.prev_id, m.at, m.bucket_from, m.bucket_to, m.qty
    FROM movements m
    WHERE m.bucket = :bucket::bigint AND m.id = :id::bigint
        AND m.sku_id = :sku_id::bigint
        AND m.location_id = :location_id::bigint
    UNION ALL
    SELECT c.n + 1, m.prev_id, m.at, m.bucket_from, m.bucket_to, m.qty
    FROM chain c
    JOIN movements m ON m.bucket = :bucket::bigint AND m.id = c.prev_id
    WHERE c.at > :at::bigint AND c.n < :limit::bigint
), later (n, prev_id, is_found, bucket_from, bucket_to, qty) AS (
    SELECT n, prev_id, CASE WHEN at > :at::bigint THEN 0 ELSE 1 END,
        bucket_from, bucket_to,
        CASE WHEN at > :at::bigint THEN qty ELSE 0 END
    FROM chain
)
SELECT COALESCE(SUM(CASE WHEN n = :limit::bigint AND is_found = 0
        THEN prev_id ELSE 0 END), 0)::bigint,
    COALESCE(SUM(is_found), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_from = 0 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_to = 0 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 2 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 2 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 3 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 3 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 4 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 4 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 5 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 5 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 6 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 6 THEN qty ELSE 0 END), 0)::bigint
FROM later

-- name: level_mark_add
-- many
-- later
INSERT INTO level_marks (bucket, sku_id, location_id, version, at,
    movement_id, on_hand, committed, reserved, damaged, quality_control, held,
    safety_stock, low_stock)
VALUES (:bucket::bigint, :sku_id::bigint, :location_id::bigint,
    :version::bigint, :at::bigint, :movement_id::bigint, :on_hand::bigint,
    :committed::bigint, :reserved::bigint, :damaged::bigint,
    :quality_control::bigint, :held::bigint, :safety_stock::bigint,
    :low_stock::bigint)

-- The last mark by an instant.
-- name: level_mark_by
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, 0, safety_stock, movement_id, version, low_stock, 0
FROM level_marks
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint AND at <= :at::bigint
ORDER BY version DESC
LIMIT 1

-- name: level_mark_next
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, 0, safety_stock, movement_id, version, low_stock, 0
FROM level_marks
WHERE bucket = :bucket::bigint AND sku_id = :sku_id::bigint
    AND location_id = :location_id::bigint AND version > :version::bigint
ORDER BY version
LIMIT 1

-- ---- reservations ----

-- name: reservation_add
-- many
-- later
-- hot
INSERT INTO reservations (owner_id, id, bucket, owner_kind, owner_n, sku_id,
    location_id, qty, kind, state, version)
VALUES (:owner_id::bigint, :id::bigint, :bucket::bigint, :owner_kind::bigint,
    :owner_n::bigint, :sku_id::bigint, :location_id::bigint, :qty::bigint,
    :kind::bigint, :state::bigint, :version::bigint)

-- name: reservation_list
SELECT id, sku_id, location_id, owner_n, qty, kind, state
FROM reservations
WHERE owner_id = :owner_id::bigint
ORDER BY id

-- name: reservation_end
-- many
UPDATE reservations SET state = :state::bigint,
    successor_id = :successor_id::bigint, version = version + 1
WHERE owner_id = :owner_id::bigint AND id = :id::bigint
    AND bucket = :bucket::bigint AND kind = 2 AND state = 2
    AND qty = :qty::bigint
-- postgres many body:
UPDATE reservations r SET state = k.state, successor_id = k.successor_id,
    version = r.version + 1
FROM unnest(:state::bigint[], :successor_id::bigint[], :owner_id::bigint[],
    :id::bigint[], :bucket::bigint[], :qty::bigint[])
    AS k (state, successor_id, owner_id, id, bucket, qty)
WHERE r.owner_id = k.owner_id AND r.id = k.id AND r.bucket = k.bucket
    AND r.kind = 2 AND r.state = 2 AND r.qty = k.qty

-- name: reservation_committed
-- many
SELECT owner_id, owner_n, sku_id, location_id, qty
FROM reservations
WHERE owner_id = :owner_id::bigint AND kind = 2 AND state = 2
-- postgres many body:
SELECT owner_id, owner_n, sku_id, location_id, qty
FROM reservations
WHERE owner_id = ANY(:owner_id::bigint[]) AND kind = 2 AND state = 2

-- name: reservation_held
-- many
SELECT owner_id, id, owner_kind, owner_n, sku_id, location_id, qty
FROM reservations
WHERE owner_id = :owner_id::bigint AND kind = 1 AND state = 1
-- postgres many body:
SELECT owner_id, id, owner_kind, owner_n, sku_id, location_id, qty
FROM reservations
WHERE owner_id = ANY(:owner_id::bigint[]) AND kind = 1 AND state = 1

-- name: reservation_unhold
-- many
-- hot
UPDATE reservations SET state = :state::bigint,
    successor_id = :successor_id::bigint, version = version + 1
WHERE owner_id = :owner_id::bigint AND id = :id::bigint
    AND bucket = :bucket::bigint AND kind = 1 AND state = 1
    AND qty = :qty::bigint
-- postgres many body:
UPDATE reservations r SET state = k.state, successor_id = k.successor_id,
    version = r.version + 1
FROM unnest(:state::bigint[], :successor_id::bigint[], :owner_id::bigint[],
    :id::bigint[], :bucket::bigint[], :qty::bigint[])
    AS k (state, successor_id, owner_id, id, bucket, qty)
WHERE r.owner_id = k.owner_id AND r.id = k.id AND r.bucket = k.bucket
    AND r.kind = 1 AND r.state = 1 AND r.qty = k.qty

-- ---- locations ----

-- name: location_add
INSERT INTO locations (id, code, name, type, address, lat_e6, lon_e6, tz,
    is_active, is_shipping, is_pickup, attrs, version, created_at)
VALUES (:id::bigint, :code::text, :name::text, :type::bigint,
    :address::jsonb, :lat_e6::bigint, :lon_e6::bigint, :tz::text,
    :is_active::bigint, :is_shipping::bigint, :is_pickup::bigint,
    :attrs::jsonb, 1, :created_at::bigint)
ON CONFLICT (code) DO NOTHING

-- name: location_save
UPDATE locations SET name = :name::text,
    type = :type::bigint, address = :address::jsonb, lat_e6 = :lat_e6::bigint,
    lon_e6 = :lon_e6::bigint, tz = :tz::text, is_active = :is_active::bigint,
    is_shipping = :is_shipping::bigint, is_pickup = :is_pickup::bigint,
    attrs = :attrs::jsonb, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: location_row
SELECT id, code, name, type, address, lat_e6, lon_e6, tz, is_active,
    is_shipping, is_pickup, attrs, version, created_at
FROM locations
WHERE id = :id::bigint

-- name: location_lock
SELECT id, code, name, type, address, lat_e6, lon_e6, tz, is_active,
    is_shipping, is_pickup, attrs, version, created_at
FROM locations
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: location_page
SELECT id, code, name, type, address, lat_e6, lon_e6, tz, is_active,
    is_shipping, is_pickup, attrs, version, created_at
FROM locations
WHERE id > :after::bigint
    AND (:code::text = '' OR code = :code::text)
    AND (:type::bigint = 0 OR type = :type::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: location_all
SELECT id, code, name, type, is_active, is_shipping
FROM locations
ORDER BY id

-- name: location_places
SELECT id, code, name, type, is_active, is_shipping, is_pickup, tz, lat_e6,
    lon_e6, COALESCE(address ->> 'country', ''),
    COALESCE(address ->> 'postal_code', '')
FROM locations
ORDER BY id

-- name: location_stamp
INSERT INTO routing_stamps (id, stamp) VALUES (1, :stamp::bigint)
ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp

-- name: location_by_id
-- many
SELECT id, code, name, type, is_active, is_shipping
FROM locations
WHERE id = :id::bigint
-- postgres many body:
SELECT id, code, name, type, is_active, is_shipping
FROM locations
WHERE id = ANY(:id::bigint[])

-- name: location_by_code
-- many
SELECT id, code, name, type, is_active, is_shipping
FROM locations
WHERE code = :code::text
-- postgres many body:
SELECT id, code, name, type, is_active, is_shipping
FROM locations
WHERE code = ANY(:code::text[])
-- ---- verify ----

-- name: verify_levels
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, incoming, safety_stock, last_movement_id, version,
    low_stock, channel_policies
FROM levels

-- name: verify_movements
SELECT sku_id, location_id, id, prev_id, bucket_from, bucket_to, qty
FROM movements

-- name: verify_live
SELECT sku_id, location_id, kind, qty
FROM reservations
WHERE (kind = 2 AND state = 2) OR (kind = 1 AND state = 1)

-- name: verify_successors
SELECT r.id, r.state, s.id, s.sku_id - r.sku_id, s.owner_n - r.owner_n,
    r.qty - s.qty
FROM reservations r
LEFT JOIN reservations s ON s.owner_id = r.owner_id AND s.id = r.successor_id
WHERE r.kind = 2 AND (r.state = 6 OR r.successor_id IS NOT NULL)

-- A hold's successor is a row of its order, which its room knows.
-- name: verify_held_ends
SELECT id FROM reservations
WHERE kind = 1 AND (state NOT IN (1, 2, 3, 4, 5, 6)
    OR (owner_kind = 3 AND state = 2)
    OR (owner_kind <> 3 AND state IN (3, 6))
    OR (state IN (2, 6)) <> (successor_id IS NOT NULL))

-- name: verify_movement_events
SELECT m.id
FROM movements m
LEFT JOIN events e ON e.id = m.event_id
WHERE e.id IS NULL

-- name: verify_buckets
SELECT sku_id FROM levels WHERE bucket <> (sku_id & 255)
UNION ALL
SELECT sku_id FROM movements WHERE bucket <> (sku_id & 255)
UNION ALL
SELECT sku_id FROM reservations WHERE bucket <> (sku_id & 255)

-- name: verify_kit_stock
SELECT l.sku_id, l.location_id FROM levels l
JOIN skus s ON s.id = l.sku_id
WHERE s.is_kit = 1 AND l.on_hand > 0

-- name: verify_policies
SELECT p.sku_id, p.location_id FROM level_policies p
LEFT JOIN levels l ON l.sku_id = p.sku_id AND l.location_id = p.location_id
LEFT JOIN channels c ON c.id = p.channel_id
WHERE l.sku_id IS NULL OR c.id IS NULL OR p.bucket <> (p.sku_id & 255)
UNION ALL
SELECT l.sku_id, l.location_id FROM levels l
LEFT JOIN (SELECT sku_id, location_id, COUNT(channel_id) AS policies
    FROM level_policies GROUP BY sku_id, location_id) p
    ON p.sku_id = l.sku_id AND p.location_id = l.location_id
WHERE l.channel_policies <> COALESCE(p.policies, 0)

-- Told low as often as recovered, and once more where it is low.
-- name: verify_low_stock
SELECT subject_id, data ->> 'location',
    SUM(CASE WHEN type = 'stock.low' THEN 1 ELSE -1 END)::bigint
FROM events
WHERE type IN ('stock.low', 'stock.recovered')
GROUP BY subject_id, data ->> 'location'

-- name: verify_marks
SELECT sku_id, location_id, on_hand, committed, reserved, damaged,
    quality_control, held, 0, safety_stock, movement_id, version, low_stock, 0
FROM level_marks
WHERE (sku_id, location_id, version)
    > (:sku_id::bigint, :location_id::bigint, :version::bigint)
ORDER BY sku_id, location_id, version
LIMIT :limit::bigint

-- What the movements after one and up to another did to each bucket.
-- name: verify_mark_walk
WITH RECURSIVE chain (prev_id, bucket_from, bucket_to, qty) AS (
    SELECT m.prev_id, m.bucket_from, m.bucket_to, m.qty
    FROM movements m
    WHERE m.bucket = :bucket::bigint AND m.id = :id::bigint
    UNION ALL
    SELECT m.prev_id, m.bucket_from, m.bucket_to, m.qty
    FROM chain c
    JOIN movements m ON m.bucket = :bucket::bigint AND m.id = c.prev_id
    WHERE c.prev_id <> :stop::bigint
)
SELECT COALESCE(SUM(CASE WHEN bucket_from = 0 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_to = 0 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 2 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 2 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 3 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 3 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 4 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 4 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 5 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 5 THEN qty ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN bucket_to = 6 THEN qty ELSE 0 END)
        - SUM(CASE WHEN bucket_from = 6 THEN qty ELSE 0 END), 0)::bigint
FROM chain
