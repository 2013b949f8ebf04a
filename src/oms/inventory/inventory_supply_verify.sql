-- inventory_supply_verify.sql - the sub-ledgers against what they belong to.

-- Levels of SKUs with lots whose lots do not sum to them.
-- name: verify_lot_sums
SELECT l.sku_id, l.location_id,
    l.on_hand - COALESCE(s.on_hand, 0), l.damaged - COALESCE(s.damaged, 0),
    l.quality_control - COALESCE(s.quality_control, 0),
    l.held - COALESCE(s.held, 0)
FROM levels l
JOIN stock_policies p ON p.sku_id = l.sku_id
LEFT JOIN (
    SELECT sku_id, location_id, SUM(on_hand)::bigint AS on_hand,
        SUM(damaged)::bigint AS damaged,
        SUM(quality_control)::bigint AS quality_control,
        SUM(held)::bigint AS held
    FROM lot_levels
    GROUP BY sku_id, location_id
) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
WHERE p.is_lot = 1 AND (l.on_hand <> COALESCE(s.on_hand, 0)
    OR l.damaged <> COALESCE(s.damaged, 0)
    OR l.quality_control <> COALESCE(s.quality_control, 0)
    OR l.held <> COALESCE(s.held, 0))

-- Rows of lots that belong to nothing, or say another expiry than their lot.
-- name: verify_lot_rows
SELECT s.sku_id, s.location_id, s.lot_id
FROM lot_levels s
LEFT JOIN levels l ON l.sku_id = s.sku_id AND l.location_id = s.location_id
LEFT JOIN lots o ON o.id = s.lot_id AND o.sku_id = s.sku_id
LEFT JOIN stock_policies p ON p.sku_id = s.sku_id AND p.is_lot = 1
WHERE l.sku_id IS NULL OR o.id IS NULL OR o.expires_on <> s.expires_on
    OR s.bucket <> (s.sku_id & 255) OR o.bucket <> (o.sku_id & 255)
    OR (p.sku_id IS NULL AND s.on_hand > 0)

-- What of a lot is there must be what its movements brought.
-- name: verify_lot_movements
SELECT s.sku_id, s.location_id, s.lot_id
FROM lot_levels s
LEFT JOIN (
    SELECT n.lot_id, m.location_id,
        SUM(CASE WHEN m.bucket_from = 0 THEN m.qty
            WHEN m.bucket_to = 0 THEN -m.qty ELSE 0 END)::bigint AS on_hand,
        SUM(CASE WHEN m.bucket_to = 4 THEN m.qty
            WHEN m.bucket_from = 4 THEN -m.qty ELSE 0 END)::bigint AS damaged,
        SUM(CASE WHEN m.bucket_to = 5 THEN m.qty
            WHEN m.bucket_from = 5 THEN -m.qty ELSE 0 END)::bigint AS control,
        SUM(CASE WHEN m.bucket_to = 6 THEN m.qty
            WHEN m.bucket_from = 6 THEN -m.qty ELSE 0 END)::bigint AS held
    FROM lot_movements n
    JOIN movements m ON m.id = n.movement_id
    GROUP BY n.lot_id, m.location_id
) u ON u.lot_id = s.lot_id AND u.location_id = s.location_id
WHERE s.on_hand <> COALESCE(u.on_hand, 0)
    OR s.damaged <> COALESCE(u.damaged, 0)
    OR s.quality_control <> COALESCE(u.control, 0)
    OR s.held <> COALESCE(u.held, 0)

-- Levels of SKUs with serial numbers that have more or fewer numbers.
-- name: verify_serial_sums
SELECT l.sku_id, l.location_id,
    l.on_hand - COALESCE(s.on_hand, 0), l.damaged - COALESCE(s.damaged, 0),
    l.quality_control - COALESCE(s.control, 0), l.held - COALESCE(s.held, 0)
FROM levels l
JOIN stock_policies p ON p.sku_id = l.sku_id
LEFT JOIN (
    SELECT sku_id, location_id, COUNT(code) AS on_hand,
        SUM(CASE WHEN place = 4 THEN 1 ELSE 0 END)::bigint AS damaged,
        SUM(CASE WHEN place = 5 THEN 1 ELSE 0 END)::bigint AS control,
        SUM(CASE WHEN place = 6 THEN 1 ELSE 0 END)::bigint AS held
    FROM serials
    WHERE location_id <> 0
    GROUP BY sku_id, location_id
) s ON s.sku_id = l.sku_id AND s.location_id = l.location_id
WHERE p.is_serial = 1 AND (l.on_hand <> COALESCE(s.on_hand, 0)
    OR l.damaged <> COALESCE(s.damaged, 0)
    OR l.quality_control <> COALESCE(s.control, 0)
    OR l.held <> COALESCE(s.held, 0))

-- Numbers that say they are where they cannot be.
-- name: verify_serial_rows
SELECT s.sku_id, s.code
FROM serials s
LEFT JOIN movements m ON m.id = s.movement_id AND m.sku_id = s.sku_id
LEFT JOIN levels l ON l.sku_id = s.sku_id AND l.location_id = s.location_id
LEFT JOIN lots o ON o.id = s.lot_id AND o.sku_id = s.sku_id
WHERE m.id IS NULL OR s.bucket <> (s.sku_id & 255)
    OR (s.place IN (0, 7)) <> (s.location_id = 0)
    OR (s.place = 7) <> (s.transit_id <> 0)
    OR (s.location_id <> 0 AND l.sku_id IS NULL)
    OR (s.lot_id <> 0 AND o.id IS NULL)

-- name: verify_receipt_lines
SELECT r.receipt_id, r.n
FROM receipt_lines r
LEFT JOIN receipts h ON h.id = r.receipt_id
LEFT JOIN movements m ON m.id = r.movement_id
WHERE h.id IS NULL OR m.id IS NULL OR m.type <> 9 OR m.ref_id <> r.receipt_id
    OR m.sku_id <> r.sku_id OR m.location_id <> h.location_id
    OR m.qty <> r.qty OR m.bucket_to <> r.bucket_to
UNION ALL
SELECT m.ref_id, 0
FROM movements m
LEFT JOIN receipt_lines r ON r.receipt_id = m.ref_id AND r.movement_id = m.id
WHERE m.type = 9 AND r.receipt_id IS NULL
