-- hold.sql - holds; what they hold stands in the inventory's reservations.

-- name: hold_add
-- many
-- later
-- hot
INSERT INTO holds (id, bucket, channel_id, state, version, created_at,
    expires_at, customer, reference, items)
VALUES (:id::bigint, :bucket::bigint, :channel_id::bigint, 1, 1,
    :created_at::bigint, :expires_at::bigint, :customer::text,
    :reference::text, :items::jsonb)

-- name: hold_lock
-- many
-- hot
SELECT id, channel_id, state, version, created_at, expires_at, ended_at,
    order_id, customer, reference, items
FROM holds
WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, channel_id, state, version, created_at, expires_at, ended_at,
    order_id, customer, reference, items
FROM holds
WHERE bucket = ANY(:bucket::bigint[]) AND id = ANY(:id::bigint[])
ORDER BY id
FOR UPDATE

-- name: hold_save
-- many
-- hot
UPDATE holds SET state = :state::bigint, version = version + 1,
    expires_at = :expires_at::bigint, ended_at = :ended_at::bigint,
    order_id = :order_id::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint AND state = 1
    AND version = :version::bigint
-- postgres many body:
UPDATE holds h SET state = k.state, version = h.version + 1,
    expires_at = k.expires_at, ended_at = k.ended_at, order_id = k.order_id
FROM unnest(:state::bigint[], :expires_at::bigint[], :ended_at::bigint[],
    :order_id::bigint[], :bucket::bigint[], :id::bigint[],
    :version::bigint[])
    AS k (state, expires_at, ended_at, order_id, bucket, id, version)
WHERE h.bucket = k.bucket AND h.id = k.id AND h.state = 1
    AND h.version = k.version

-- name: hold_get
SELECT id, channel_id, state, version, created_at, expires_at, ended_at,
    order_id, customer, reference, items
FROM holds
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: hold_list
SELECT id, channel_id, state, version, created_at, expires_at, ended_at,
    order_id, customer, reference, items
FROM holds
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: hold_due
SELECT id FROM holds
WHERE state = 1 AND expires_at <= :now::bigint
ORDER BY expires_at, id
LIMIT :limit::bigint

-- name: hold_next_expiry
SELECT expires_at FROM holds
WHERE state = 1
ORDER BY expires_at, id
LIMIT 1

-- ---- verify ----

-- An open hold has live rows and no other has; a live row has an open hold.
-- name: hold_verify_rows
SELECT h.id, h.state, COALESCE(r.live, 0)::bigint
FROM holds h
LEFT JOIN (SELECT owner_id, SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END)::bigint
        AS live
    FROM reservations WHERE owner_kind = 2 GROUP BY owner_id) r
    ON r.owner_id = h.id
WHERE r.owner_id IS NULL OR (h.state = 1) <> (r.live > 0)
UNION ALL
SELECT r.owner_id, 0, 1
FROM reservations r
LEFT JOIN holds h ON h.id = r.owner_id
WHERE r.owner_kind = 2 AND h.id IS NULL

-- How a hold ended is how its rows ended; one that an order confirmed gave it
-- units, which stand in a row of that order.
-- name: hold_verify_ends
SELECT h.id FROM holds h
JOIN reservations r ON r.owner_id = h.id
WHERE (h.state = 2 AND r.state NOT IN (2, 4))
    OR (h.state = 3 AND r.state <> 4)
    OR (h.state = 4 AND r.state <> 5)
UNION ALL
SELECT h.id FROM holds h
JOIN reservations r ON r.owner_id = h.id AND r.state = 2
LEFT JOIN reservations s ON s.owner_id = h.order_id AND s.id = r.successor_id
    AND s.kind = 2 AND s.sku_id = r.sku_id
    AND s.location_id = r.location_id AND s.qty <= r.qty
WHERE s.id IS NULL

-- name: hold_verify_times
SELECT id FROM holds
WHERE bucket <> (id & 255) OR expires_at <= created_at
    OR (state = 4 AND ended_at < expires_at)

-- One event for each version, the first hold.created.
-- name: hold_verify_events
SELECT h.id FROM holds h
LEFT JOIN (SELECT subject_id, COUNT(id) AS events,
        SUM(CASE WHEN type = 'hold.created' THEN 1 ELSE 0 END) AS created
    FROM events WHERE subject_kind = 'hold' GROUP BY subject_id) e
    ON e.subject_id = h.id
WHERE e.events IS NULL OR e.events <> h.version OR e.created <> 1
