-- inventory_transfers.sql - units on their way between locations.

-- name: transfer_add
INSERT INTO transfers (id, from_id, to_id, reference, state, expected_at,
    version, created_at, updated_at)
VALUES (:id::bigint, :from_id::bigint, :to_id::bigint, :reference::text, 1,
    :expected_at::bigint, 1, :created_at::bigint, :created_at::bigint)

-- name: transfer_save
UPDATE transfers SET reference = :reference::text, state = :state::bigint,
    expected_at = :expected_at::bigint, updated_at = :updated_at::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: transfer_row
SELECT id, from_id, to_id, reference, state, expected_at, version, created_at,
    updated_at
FROM transfers
WHERE id = :id::bigint

-- name: transfer_lock
SELECT id, from_id, to_id, reference, state, expected_at, version, created_at,
    updated_at
FROM transfers
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: transfer_page
SELECT id, from_id, to_id, reference, state, expected_at, version, created_at,
    updated_at
FROM transfers
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: transfer_page_state
SELECT id, from_id, to_id, reference, state, expected_at, version, created_at,
    updated_at
FROM transfers
WHERE state = :state::bigint AND id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: transfer_line_save
-- many
INSERT INTO transfer_lines (transfer_id, n, sku_id, qty, shipped, received,
    damaged, lost, supply_id)
VALUES (:transfer_id::bigint, :n::bigint, :sku_id::bigint, :qty::bigint,
    :shipped::bigint, :received::bigint, :damaged::bigint, :lost::bigint,
    :supply_id::bigint)
ON CONFLICT (transfer_id, n) DO UPDATE SET sku_id = excluded.sku_id,
    qty = excluded.qty, shipped = excluded.shipped,
    received = excluded.received, damaged = excluded.damaged,
    lost = excluded.lost, supply_id = excluded.supply_id

-- name: transfer_line_drop
DELETE FROM transfer_lines
WHERE transfer_id = :transfer_id::bigint AND n > :n::bigint

-- name: transfer_line_list
-- many
SELECT transfer_id, n, sku_id, qty, shipped, received, damaged, lost, supply_id
FROM transfer_lines
WHERE transfer_id = :transfer_id::bigint
-- postgres many body:
SELECT transfer_id, n, sku_id, qty, shipped, received, damaged, lost, supply_id
FROM transfer_lines
WHERE transfer_id = ANY(:transfer_id::bigint[])

-- name: transfer_in_transit
SELECT transfer_id
FROM transfer_lines
WHERE sku_id = :sku_id::bigint AND shipped > received + lost
LIMIT 1

-- name: transfer_lot_list
-- many
SELECT transfer_id, n, lot_id, shipped, received
FROM transfer_lots
WHERE transfer_id = :transfer_id::bigint
-- postgres many body:
SELECT transfer_id, n, lot_id, shipped, received
FROM transfer_lots
WHERE transfer_id = ANY(:transfer_id::bigint[])

-- name: transfer_lot_save
-- many
INSERT INTO transfer_lots (transfer_id, n, lot_id, shipped, received)
VALUES (:transfer_id::bigint, :n::bigint, :lot_id::bigint, :shipped::bigint,
    :received::bigint)
ON CONFLICT (transfer_id, n, lot_id) DO UPDATE SET shipped = excluded.shipped,
    received = excluded.received

-- name: transfer_units_lost
-- many
UPDATE serials SET place = 0, transit_id = 0
WHERE sku_id = :sku_id::bigint AND transit_id = :transit_id::bigint
-- postgres many body:
UPDATE serials s SET place = 0, transit_id = 0
FROM (SELECT DISTINCT sku_id, transit_id
    FROM unnest(:sku_id::bigint[], :transit_id::bigint[])
    AS u (sku_id, transit_id)) k
WHERE s.sku_id = k.sku_id AND s.transit_id = k.transit_id

-- ---- verify ----

-- Movements out and in against the lines, by transfer and SKU.
-- name: verify_transfer_units
SELECT a.transfer_id, SUM(a.shipped)::bigint, SUM(a.received)::bigint
FROM (
    SELECT transfer_id, sku_id, shipped, received FROM transfer_lines
    UNION ALL
    SELECT m.ref_id, m.sku_id,
        CASE WHEN m.type = 10 AND m.location_id = t.from_id THEN -m.qty
            ELSE 0 END,
        CASE WHEN m.type = 11 AND m.location_id = t.to_id THEN -m.qty
            ELSE 0 END
    FROM movements m
    JOIN transfers t ON t.id = m.ref_id
    WHERE m.type IN (10, 11)
) a
GROUP BY a.transfer_id, a.sku_id
HAVING SUM(a.shipped) <> 0 OR SUM(a.received) <> 0
UNION ALL
SELECT m.ref_id, m.qty, 0
FROM movements m
LEFT JOIN transfers t ON t.id = m.ref_id
WHERE m.type IN (10, 11) AND t.id IS NULL

-- What is in transit is what is expected there, and nothing is at the end.
-- name: verify_transfer_transit
SELECT l.transfer_id, l.n
FROM transfer_lines l
JOIN transfers t ON t.id = l.transfer_id
LEFT JOIN supplies s ON s.id = l.supply_id AND s.source = 2
    AND s.source_id = l.transfer_id AND s.source_n = l.n
    AND s.location_id = t.to_id AND s.sku_id = l.sku_id
WHERE l.shipped - l.received - l.lost <> COALESCE(s.open, 0)
    OR l.received <> COALESCE(s.received, 0)
    OR (l.shipped > 0 AND s.id IS NULL)
    OR (t.state IN (1, 2, 6) AND l.shipped > 0)
    OR (t.state = 5 AND l.shipped <> l.received + l.lost)

-- Units waiting at the source are held there for the line.
-- name: verify_transfer_held
SELECT a.transfer_id, a.n
FROM (
    SELECT l.transfer_id, l.n, CASE WHEN t.state IN (2, 3, 4)
        THEN l.qty - l.shipped ELSE 0 END AS waiting,
        COALESCE(r.qty, 0) AS held
    FROM transfer_lines l
    JOIN transfers t ON t.id = l.transfer_id
    LEFT JOIN (
        SELECT owner_id, owner_n, SUM(qty)::bigint AS qty
        FROM reservations
        WHERE owner_kind = 3 AND kind = 1 AND state = 1
        GROUP BY owner_id, owner_n
    ) r ON r.owner_id = l.transfer_id AND r.owner_n = l.n
) a
WHERE a.waiting <> a.held
UNION ALL
SELECT r.owner_id, r.owner_n
FROM reservations r
LEFT JOIN transfer_lines l ON l.transfer_id = r.owner_id AND l.n = r.owner_n
    AND l.sku_id = r.sku_id
WHERE r.owner_kind = 3 AND l.transfer_id IS NULL

-- name: verify_transfer_lots
SELECT l.transfer_id, l.n
FROM transfer_lines l
JOIN (
    SELECT transfer_id, n, SUM(shipped)::bigint AS shipped,
        SUM(received)::bigint AS received
    FROM transfer_lots
    GROUP BY transfer_id, n
) s ON s.transfer_id = l.transfer_id AND s.n = l.n
WHERE s.shipped <> l.shipped OR s.received <> l.received
