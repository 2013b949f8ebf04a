-- returns.sql - policies of channels, returns with their lines and units.

-- name: return_policy_row
SELECT doc, version, updated_at FROM return_policies
WHERE channel_id = :channel_id::bigint

-- name: return_policy_add
INSERT INTO return_policies (channel_id, doc, version, updated_at)
VALUES (:channel_id::bigint, :doc::jsonb, 1, :now::bigint)
ON CONFLICT (channel_id) DO NOTHING

-- name: return_policy_save
UPDATE return_policies SET doc = :doc::jsonb, version = version + 1,
    updated_at = :now::bigint
WHERE channel_id = :channel_id::bigint AND version = :version::bigint

-- name: return_insert
INSERT INTO returns (id, bucket, order_id, channel_id, n, state, origin,
    location_id, note, why, expires_at, closed_at, version, created_at,
    updated_at, restocking_kept, shipping_kept)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :channel_id::bigint,
    :n::bigint, :state::bigint, :origin::bigint, :location_id::bigint,
    :note::text, NULL, :expires_at::bigint, :closed_at::bigint, 1,
    :now::bigint, :now::bigint, :restocking_kept::bigint,
    :shipping_kept::bigint)

-- name: return_save
UPDATE returns SET state = :state::bigint, location_id = :location_id::bigint,
    why = :why::text, expires_at = :expires_at::bigint,
    closed_at = :closed_at::bigint,
    restocking_kept = :restocking_kept::bigint,
    shipping_kept = :shipping_kept::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: return_row
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns WHERE id = :id::bigint

-- name: return_page
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns WHERE id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: return_page_order
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns WHERE order_id = :order_id::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: return_page_state
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns WHERE state = :state::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: return_page_location
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns WHERE location_id = :location_id::bigint
    AND state = :state::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: return_due
SELECT id FROM returns
WHERE expires_at IS NOT NULL AND expires_at <= :now::bigint
ORDER BY expires_at LIMIT :limit::bigint

-- name: return_next_due
SELECT COALESCE(MIN(expires_at), 0) FROM returns WHERE expires_at IS NOT NULL

-- name: return_line_insert
-- many
INSERT INTO return_lines (return_id, i, bucket, n, qty, reason, note, photo,
    returned, written_off, dropped)
VALUES (:return_id::bigint, :i::bigint, :bucket::bigint, :n::bigint,
    :qty::bigint, :reason::text, :note::text, :photo::text, :returned::bigint,
    :written_off::bigint, :dropped::bigint)

-- name: return_line_save
UPDATE return_lines SET returned = :returned::bigint,
    written_off = :written_off::bigint, dropped = :dropped::bigint
WHERE return_id = :return_id::bigint AND i = :i::bigint

-- name: return_line_list
-- many
SELECT return_id, i, n, qty, reason, note, photo, returned, written_off,
    dropped
FROM return_lines WHERE return_id = :return_id::bigint
-- postgres many body:
SELECT return_id, i, n, qty, reason, note, photo, returned, written_off,
    dropped
FROM return_lines WHERE return_id = ANY(:return_id::bigint[])

-- What a list shows of the orders.
-- name: return_order_list
-- many
SELECT id, number, currency FROM orders WHERE id = :id::bigint
-- postgres many body:
SELECT id, number, currency FROM orders WHERE id = ANY(:id::bigint[])

-- name: return_sku_list
-- many
SELECT l.return_id, l.i, o.sku_code FROM return_lines l
JOIN returns r ON r.id = l.return_id
JOIN order_lines o ON o.order_id = r.order_id AND o.n = l.n
WHERE l.return_id = :return_id::bigint
-- postgres many body:
SELECT l.return_id, l.i, o.sku_code FROM return_lines l
JOIN returns r ON r.id = l.return_id
JOIN order_lines o ON o.order_id = r.order_id AND o.n = l.n
WHERE l.return_id = ANY(:return_id::bigint[])

-- name: return_unit_drop
DELETE FROM return_units WHERE return_id = :return_id::bigint

-- name: return_unit_insert
-- many
INSERT INTO return_units (return_id, u, bucket, i, sku_id, per, qty, reception,
    acceptance, disposition, location_id, lot, serials, package_id)
VALUES (:return_id::bigint, :u::bigint, :bucket::bigint, :i::bigint,
    :sku_id::bigint, :per::bigint, :qty::bigint, :reception::bigint,
    :acceptance::bigint, :disposition::bigint, :location_id::bigint,
    :lot::text, :serials::jsonb, :package_id::bigint)

-- name: return_unit_list
-- many
SELECT return_id, u, i, sku_id, per, qty, reception, acceptance, disposition,
    location_id, lot, serials, package_id
FROM return_units WHERE return_id = :return_id::bigint
-- postgres many body:
SELECT return_id, u, i, sku_id, per, qty, reception, acceptance, disposition,
    location_id, lot, serials, package_id
FROM return_units WHERE return_id = ANY(:return_id::bigint[])

-- ---- parcels ----

-- name: return_parcel_add
-- many
INSERT INTO return_parcels (package_id, return_id, bucket, state)
VALUES (:package_id::bigint, :return_id::bigint, :bucket::bigint, 1)

-- name: return_parcel_list
-- many
SELECT package_id, return_id, state FROM return_parcels
WHERE return_id = :return_id::bigint
-- postgres many body:
SELECT package_id, return_id, state FROM return_parcels
WHERE return_id = ANY(:return_id::bigint[])

-- name: return_parcel_find
-- many
SELECT package_id, return_id, state FROM return_parcels
WHERE package_id = :package_id::bigint
-- postgres many body:
SELECT package_id, return_id, state FROM return_parcels
WHERE package_id = ANY(:package_id::bigint[])

-- name: return_parcel_save
UPDATE return_parcels SET state = :state::bigint
WHERE package_id = :package_id::bigint

-- ---- verify ----

-- name: return_verify_rows
SELECT id, order_id, channel_id, n, state, origin, location_id, note, why,
    expires_at, closed_at, version, created_at, updated_at,
    restocking_kept, shipping_kept
FROM returns ORDER BY id

-- What returns say of a line and what its order says.
-- name: return_verify_lines
SELECT o.order_id, o.n FROM order_lines o
LEFT JOIN (SELECT r.order_id, l.n,
        SUM(l.qty - l.returned - l.written_off - l.dropped)::bigint AS asked,
        SUM(l.returned)::bigint AS returned,
        SUM(l.written_off)::bigint AS written_off
    FROM return_lines l JOIN returns r ON r.id = l.return_id
    GROUP BY r.order_id, l.n) b ON b.order_id = o.order_id AND b.n = o.n
WHERE COALESCE(o.return_requested, 0) <> COALESCE(b.asked, 0)
    OR COALESCE(o.returned, 0) <> COALESCE(b.returned, 0)
    OR COALESCE(o.written_off, 0) < COALESCE(b.written_off, 0)
ORDER BY o.order_id, o.n

-- Movements that name a return, and where its units stand: outside (0) is
-- nowhere, as are goods that took no stock when they came. A SKU that was not
-- counted at any time has movements of some of its returns only.
-- name: return_verify_stock
SELECT id FROM (
    SELECT ref_id AS id, sku_id, location_id, bucket_to AS place, qty
    FROM movements WHERE ref_kind = 6
    UNION ALL
    SELECT ref_id, sku_id, location_id, bucket_from, -qty
    FROM movements WHERE ref_kind = 6
    UNION ALL
    SELECT u.return_id, u.sku_id, u.location_id,
        CASE u.disposition WHEN 1 THEN 1 WHEN 3 THEN 4 WHEN 4 THEN 4
            WHEN 0 THEN 5 WHEN 2 THEN 5 ELSE 0 END, -u.qty
    FROM return_units u
    JOIN returns r ON r.id = u.return_id
    JOIN skus s ON s.id = u.sku_id AND s.is_tracked = 1
    JOIN (SELECT sku_id, MIN(id) AS first FROM movements GROUP BY sku_id) k
        ON k.sku_id = u.sku_id AND k.first < r.id
    WHERE u.reception = 3) m
WHERE place <> 0 AND NOT EXISTS (SELECT 1 FROM events e
    WHERE e.subject_id = m.sku_id
        AND e.type IN ('sku.created', 'sku.changed', 'sku.components_set')
        AND COALESCE(CAST(e.data ->> 'is_tracked' AS TEXT), 'false')
            IN ('0', 'false'))
GROUP BY id, sku_id, location_id, place
HAVING SUM(qty) <> 0
ORDER BY id

-- name: return_verify_stray
SELECT r.id FROM returns r LEFT JOIN orders o ON o.id = r.order_id
WHERE o.id IS NULL OR o.channel_id <> r.channel_id
ORDER BY r.id

-- name: return_verify_flags
SELECT o.id FROM orders o
LEFT JOIN (SELECT DISTINCT order_id FROM returns WHERE state IN (3, 4, 5)) r
    ON r.order_id = o.id
WHERE (COALESCE(o.return_flags, 0) = 1) <> (r.order_id IS NOT NULL)
ORDER BY o.id

-- name: return_verify_parcels
SELECT r.package_id FROM return_parcels r
LEFT JOIN packages p ON p.id = r.package_id
LEFT JOIN returns t ON t.id = r.return_id
WHERE p.id IS NULL OR t.id IS NULL OR p.order_id <> t.order_id
    OR p.returns_id IS NULL
ORDER BY r.package_id
