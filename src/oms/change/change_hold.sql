-- change_hold.sql - holds of orders.

-- name: order_hold_insert
INSERT INTO order_holds (id, bucket, order_id, line, state, reason, note,
    until, version, created_at, updated_at, actor_kind, actor_id)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :line::bigint, 1,
    :reason::bigint, :note::text, :until::bigint, 1, :now::bigint,
    :now::bigint, :actor_kind::bigint, :actor_id::bigint)

-- name: order_hold_save
UPDATE order_holds SET state = :state::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: order_hold_row
SELECT id, order_id, line, state, reason, note, until, version, created_at,
    updated_at, actor_kind, actor_id
FROM order_holds WHERE id = :id::bigint

-- name: order_hold_of_order
SELECT id, order_id, line, state, reason, note, until, version, created_at,
    updated_at, actor_kind, actor_id
FROM order_holds WHERE order_id = :order_id::bigint ORDER BY id

-- name: order_hold_page
SELECT id, order_id, line, state, reason, note, until, version, created_at,
    updated_at, actor_kind, actor_id
FROM order_holds WHERE state = :state::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: order_hold_due
SELECT id FROM order_holds
WHERE state = 1 AND until IS NOT NULL AND until <= :now::bigint
ORDER BY until LIMIT :limit::bigint

-- name: order_hold_next_due
SELECT COALESCE(MIN(until), 0)::bigint FROM order_holds
WHERE state = 1 AND until IS NOT NULL

-- ---- verify ----

-- name: order_hold_verify_order
SELECT h.id FROM order_holds h
LEFT JOIN orders o ON o.bucket = h.bucket AND o.id = h.order_id
LEFT JOIN order_lines l ON l.bucket = h.bucket AND l.order_id = h.order_id
    AND l.n = h.line
WHERE o.id IS NULL OR (h.line > 0 AND l.n IS NULL)
    OR h.bucket <> (h.order_id & 255) OR h.bucket <> (h.id & 255)
ORDER BY h.id

-- name: order_hold_verify_over
SELECT h.id FROM order_holds h
JOIN orders o ON o.bucket = h.bucket AND o.id = h.order_id
WHERE h.state = 1 AND o.status NOT IN (2, 3)
ORDER BY h.id

-- Nothing that is on hold stands open to be picked.
-- name: order_hold_verify_open
SELECT DISTINCT h.id FROM order_holds h
JOIN fulfillment_orders f ON f.order_id = h.order_id AND f.status = 2
    AND f.request_status = 1
JOIN fulfillment_lines x ON x.fo_id = f.id AND h.line IN (0, x.n)
WHERE h.state = 1
ORDER BY h.id
