-- shipping_verify.sql - what the schema does not hold by itself.

-- Units in parcels against what their fulfillment orders say is packed and
-- shipped. Left out are orders with a parcel that is still being filled.
-- name: verify_package_units
SELECT p.fo_id, i.n, l.packed, l.shipped, SUM(i.whole), SUM(CASE WHEN p.state BETWEEN 4 AND 10 THEN i.whole ELSE 0 END)
FROM packages p
JOIN (SELECT package_id, n, MIN(qty / per_line) AS whole
    FROM package_items
    GROUP BY package_id, n) i ON i.package_id = p.id
LEFT JOIN fulfillment_lines l ON l.fo_id = p.fo_id AND l.n = i.n
WHERE p.state <> 11 AND p.returns_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM packages q
        WHERE q.fo_id = p.fo_id AND q.state = 1 AND q.is_closed = 0)
GROUP BY p.fo_id, i.n, l.packed, l.shipped
HAVING l.packed IS NULL OR SUM(i.whole) <> l.packed
    OR SUM(CASE WHEN p.state BETWEEN 4 AND 10 THEN i.whole ELSE 0 END) <> l.shipped

-- Units that arrived: in parcels that did, and whatever was collected or sent
-- without one. What was over before it came is as it came.
-- name: verify_order_delivered
SELECT l.order_id
FROM order_lines l
JOIN orders h ON h.id = l.order_id AND h.is_history = 0
LEFT JOIN (SELECT q.order_id, i.n, SUM(i.whole) AS whole
    FROM packages q
    JOIN (SELECT package_id, n, MIN(qty / per_line) AS whole
        FROM package_items
        GROUP BY package_id, n) i ON i.package_id = q.id
    WHERE q.state = 7 AND q.returns_id IS NULL
    GROUP BY q.order_id, i.n) p ON p.order_id = l.order_id AND p.n = l.n
LEFT JOIN (SELECT o.order_id, x.n, SUM(x.shipped) AS shipped
    FROM fulfillment_orders o
    JOIN fulfillment_lines x ON x.fo_id = o.id
    WHERE o.method <> 1
    GROUP BY o.order_id, x.n) f ON f.order_id = l.order_id AND f.n = l.n
WHERE l.delivered <> COALESCE(p.whole, 0) + COALESCE(f.shipped, 0)

-- name: verify_order_trouble
SELECT o.id
FROM orders o
LEFT JOIN (SELECT order_id, COUNT(id) AS bad
    FROM packages
    WHERE state IN (8, 9, 10) AND returns_id IS NULL
    GROUP BY order_id) p ON p.order_id = o.id
WHERE o.delivery_flags <> CASE WHEN COALESCE(p.bad, 0) > 0 THEN 1 ELSE 0 END

-- name: verify_labels_twice
SELECT package_id
FROM labels
WHERE state IN (1, 2, 4)
GROUP BY package_id
HAVING COUNT(id) > 1

-- name: verify_package_labels
SELECT p.id, p.state, l.state
FROM packages p
LEFT JOIN labels l ON l.id = p.label_id
WHERE (p.state = 2 AND (l.state IS NULL OR l.state <> 1))
    OR (p.state = 3 AND (l.state IS NULL OR l.state NOT IN (2, 4)))
    OR (p.state IN (1, 11) AND l.state IN (1, 2, 4))

-- A label that is wanted has a call that is not over, or waits for prices.
-- By a call of the operation label or void: others settle nothing.
-- name: verify_label_calls
SELECT l.id
FROM labels l
WHERE l.state IN (1, 4)
    AND NOT EXISTS (SELECT 1 FROM label_wishes w WHERE w.label_id = l.id)
    AND NOT EXISTS (SELECT 1 FROM carrier_calls c
        WHERE c.subject_id = l.id AND c.op IN (2, 3)
            AND c.state IN (1, 2, 3, 4, 7))

-- An orphan that is to be given back has a call that is not over.
-- name: verify_orphan_calls
SELECT o.id
FROM orphan_labels o
WHERE o.state = 1
    AND NOT EXISTS (SELECT 1 FROM carrier_calls c
        WHERE c.subject_id = o.id AND c.op = 3 AND c.state IN (1, 2, 3, 4))

-- What was given back is on no parcel.
-- name: verify_orphans_in_use
SELECT o.id
FROM orphan_labels o
JOIN packages p ON p.tracking = o.tracking
WHERE o.state = 2

-- Units with names are no more than the item has.
-- name: verify_package_names
SELECT u.package_id, u.n, SUM(u.qty)
FROM package_units u
LEFT JOIN package_items i ON i.package_id = u.package_id AND i.n = u.n AND i.sku_id = u.sku_id
GROUP BY u.package_id, u.n, u.sku_id, i.qty
HAVING i.qty IS NULL OR SUM(u.qty) > i.qty
