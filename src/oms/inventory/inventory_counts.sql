-- inventory_counts.sql - cycle counts.

-- name: stocktake_add
INSERT INTO counts (id, location_id, name, is_all, state, version, created_at,
    updated_at)
VALUES (:id::bigint, :location_id::bigint, :name::text, :is_all::bigint, 1, 1,
    :created_at::bigint, :created_at::bigint)

-- name: stocktake_save
UPDATE counts SET state = :state::bigint, updated_at = :updated_at::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: stocktake_row
SELECT id, location_id, name, is_all, state, version, created_at, updated_at
FROM counts
WHERE id = :id::bigint

-- name: stocktake_lock
SELECT id, location_id, name, is_all, state, version, created_at, updated_at
FROM counts
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: stocktake_page
SELECT id, location_id, name, is_all, state, version, created_at, updated_at
FROM counts
WHERE id > :after::bigint AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: stocktake_scope_add
-- many
INSERT INTO count_scope (count_id, sku_id)
VALUES (:count_id::bigint, :sku_id::bigint)
ON CONFLICT (count_id, sku_id) DO NOTHING

-- name: stocktake_scope_list
SELECT sku_id
FROM count_scope
WHERE count_id = :count_id::bigint

-- name: stocktake_line_save
-- many
INSERT INTO count_lines (count_id, sku_id, lot_id, counted, expected,
    counted_at, state, unclaimed)
VALUES (:count_id::bigint, :sku_id::bigint, :lot_id::bigint, :counted::bigint,
    :expected::bigint, :counted_at::bigint, :state::bigint,
    :unclaimed::bigint)
ON CONFLICT (count_id, sku_id, lot_id) DO UPDATE SET
    counted = excluded.counted, expected = excluded.expected,
    counted_at = excluded.counted_at, state = excluded.state,
    unclaimed = excluded.unclaimed

-- name: stocktake_line_list
SELECT sku_id, lot_id, counted, expected, counted_at, state, unclaimed
FROM count_lines
WHERE count_id = :count_id::bigint
    AND (sku_id, lot_id) > (:sku_id::bigint, :lot_id::bigint)
ORDER BY sku_id, lot_id
LIMIT :limit::bigint

-- name: stocktake_uncounted_all
SELECT l.sku_id, l.on_hand
FROM levels l
LEFT JOIN count_lines c ON c.count_id = :count_id::bigint
    AND c.sku_id = l.sku_id
WHERE l.location_id = :location_id::bigint AND l.sku_id > :after::bigint
    AND l.on_hand > 0 AND c.sku_id IS NULL
ORDER BY l.sku_id
LIMIT :limit::bigint

-- name: stocktake_uncounted
SELECT s.sku_id, COALESCE(l.on_hand, 0)
FROM count_scope s
LEFT JOIN levels l ON l.location_id = :location_id::bigint
    AND l.sku_id = s.sku_id
LEFT JOIN count_lines c ON c.count_id = s.count_id AND c.sku_id = s.sku_id
WHERE s.count_id = :count_id::bigint AND s.sku_id > :after::bigint
    AND c.sku_id IS NULL
ORDER BY s.sku_id
LIMIT :limit::bigint

-- ---- verify ----

-- What counts posted against what their movements moved, by count and SKU.
-- name: verify_counts_posted
SELECT a.count_id, SUM(a.by)::bigint
FROM (
    SELECT count_id, sku_id, counted - expected AS by
    FROM count_lines
    WHERE state = 2
    UNION ALL
    SELECT m.ref_id, m.sku_id,
        CASE WHEN m.bucket_from = 0 THEN -m.qty ELSE m.qty END
    FROM movements m
    WHERE m.type = 12
) a
GROUP BY a.count_id, a.sku_id
HAVING SUM(a.by) <> 0

-- name: verify_counts_state
SELECT c.id, 0
FROM counts c
JOIN count_lines l ON l.count_id = c.id
WHERE c.state = 3 AND l.state <> 2
UNION ALL
SELECT m.ref_id, 0
FROM movements m
LEFT JOIN counts c ON c.id = m.ref_id AND c.location_id = m.location_id
WHERE m.type = 12 AND c.id IS NULL
