-- inventory_expected.sql - what is expected to come in.

-- name: expected_add
-- many
INSERT INTO supplies (id, bucket, sku_id, location_id, qty, received, open,
    over_percent, expected_at, reference, state, source, source_id, source_n,
    version, created_at)
VALUES (:id::bigint, :bucket::bigint, :sku_id::bigint, :location_id::bigint,
    :qty::bigint, :received::bigint, :open::bigint, :over_percent::bigint,
    :expected_at::bigint, :reference::text, :state::bigint, :source::bigint,
    :source_id::bigint, :source_n::bigint, 1, :created_at::bigint)

-- name: expected_save
-- many
UPDATE supplies SET qty = :qty::bigint, received = :received::bigint,
    open = :open::bigint, over_percent = :over_percent::bigint,
    expected_at = :expected_at::bigint, reference = :reference::text,
    state = :state::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint
-- postgres many body:
UPDATE supplies s SET qty = k.qty, received = k.received, open = k.open,
    over_percent = k.over_percent, expected_at = k.expected_at,
    reference = k.reference, state = k.state, version = s.version + 1
FROM unnest(:qty::bigint[], :received::bigint[], :open::bigint[],
    :over_percent::bigint[], :expected_at::bigint[], :reference::text[],
    :state::bigint[], :id::bigint[], :version::bigint[])
    AS k (qty, received, open, over_percent, expected_at, reference, state, id,
        version)
WHERE s.id = k.id AND s.version = k.version

-- name: expected_get
-- many
SELECT id, sku_id, location_id, qty, received, over_percent, expected_at,
    reference, state, source, source_id, source_n, version, created_at
FROM supplies
WHERE id = :id::bigint
-- postgres many body:
SELECT id, sku_id, location_id, qty, received, over_percent, expected_at,
    reference, state, source, source_id, source_n, version, created_at
FROM supplies
WHERE id = ANY(:id::bigint[])

-- name: expected_page
SELECT id, sku_id, location_id, qty, received, over_percent, expected_at,
    reference, state, source, source_id, source_n, version, created_at
FROM supplies
WHERE id > :after::bigint AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: expected_page_open
SELECT id, sku_id, location_id, qty, received, over_percent, expected_at,
    reference, state, source, source_id, source_n, version, created_at
FROM supplies
WHERE state = 1
    AND (expected_at, id) > (:expected_at::bigint, :after::bigint)
    AND expected_at < :before::bigint
    AND (:sku_id::bigint = 0 OR sku_id = :sku_id::bigint)
    AND (:location_id::bigint = 0 OR location_id = :location_id::bigint)
ORDER BY expected_at, id
LIMIT :limit::bigint

-- What is open of a SKU, location by location and in order of time.
-- name: expected_of_sku
SELECT location_id, expected_at, open
FROM supplies
WHERE state = 1 AND sku_id = :sku_id::bigint
    AND (:location_id::bigint = 0 OR location_id = :location_id::bigint)
    AND expected_at < :before::bigint
ORDER BY location_id, expected_at, id

-- ---- verify ----

-- name: verify_incoming
SELECT l.sku_id, l.location_id, l.incoming, COALESCE(s.open, 0)
FROM levels l
LEFT JOIN (
    SELECT sku_id, location_id, SUM(open)::bigint AS open
    FROM supplies
    WHERE state = 1
    GROUP BY sku_id, location_id
) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
WHERE l.incoming <> COALESCE(s.open, 0)

-- name: verify_supplies
SELECT s.id
FROM supplies s
LEFT JOIN levels l ON l.sku_id = s.sku_id AND l.location_id = s.location_id
LEFT JOIN (
    SELECT supply_id, SUM(qty)::bigint AS qty
    FROM receipt_lines
    WHERE supply_id <> 0
    GROUP BY supply_id
) r ON r.supply_id = s.id
WHERE l.sku_id IS NULL OR s.bucket <> (s.sku_id & 255)
    OR (s.source <> 2 AND s.received <> COALESCE(r.qty, 0))
    OR s.open <> CASE WHEN s.state = 1 AND s.qty > s.received
        THEN s.qty - s.received ELSE 0 END
    OR (s.state = 2 AND s.received < s.qty)
    OR (s.state = 1 AND s.received >= s.qty)
