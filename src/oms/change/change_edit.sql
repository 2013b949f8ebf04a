-- change_edit.sql - changes of orders and their actions.

-- name: edit_insert
INSERT INTO order_changes (id, bucket, order_id, state, order_version,
    currency, reason, expires_at, version, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :state::bigint,
    :order_version::bigint, :currency::text, :reason::text,
    :expires_at::bigint, 1, :now::bigint, :now::bigint)

-- name: edit_action_insert
-- many
INSERT INTO order_change_actions (change_id, n, bucket, type, line, doc)
VALUES (:change_id::bigint, :n::bigint, :bucket::bigint, :type::bigint,
    :line::bigint, :doc::jsonb)

-- name: edit_save
UPDATE order_changes SET state = :state::bigint,
    confirmed_version = :confirmed_version::bigint,
    total_before = :total_before::bigint, total_after = :total_after::bigint,
    answer = :answer::text, was = :was::jsonb, version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: edit_row
SELECT id, order_id, state, order_version, confirmed_version, currency,
    total_before, total_after, reason, answer, expires_at, version, created_at,
    updated_at, was
FROM order_changes WHERE id = :id::bigint

-- name: edit_order
SELECT order_id FROM order_changes WHERE id = :id::bigint

-- name: edit_count
SELECT COUNT(*)::bigint FROM order_changes WHERE order_id = :order_id::bigint

-- name: edit_of_order
SELECT id, order_id, state, order_version, confirmed_version, currency,
    total_before, total_after, reason, answer, expires_at, version, created_at,
    updated_at, was
FROM order_changes WHERE order_id = :order_id::bigint
ORDER BY id

-- name: edit_action_list
SELECT type, line, doc FROM order_change_actions
WHERE change_id = :change_id::bigint ORDER BY n

-- name: edit_due
SELECT id FROM order_changes
WHERE state IN (1, 2) AND expires_at IS NOT NULL AND expires_at <= :now::bigint
ORDER BY expires_at LIMIT :limit::bigint

-- name: edit_next_due
SELECT COALESCE(MIN(expires_at), 0)::bigint FROM order_changes
WHERE state IN (1, 2) AND expires_at IS NOT NULL

-- Parcels whose labels are there, or are being bought; not those that come
-- back.
-- name: edit_labelled
SELECT id FROM packages
WHERE order_id = :order_id::bigint AND state IN (2, 3) AND returns_id IS NULL
LIMIT 1

-- ---- verify ----

-- name: edit_verify_order
SELECT c.id FROM order_changes c
LEFT JOIN orders o ON o.id = c.order_id
WHERE o.id IS NULL OR c.bucket <> (c.order_id & 255)
    OR c.bucket <> (c.id & 255) OR o.currency <> c.currency
    OR c.confirmed_version > o.version
UNION ALL
SELECT c.id FROM order_changes c
LEFT JOIN order_change_actions a ON a.change_id = c.id
WHERE a.change_id IS NULL

-- Each confirmed change made the version that it says.
-- name: edit_verify_event
SELECT c.id FROM order_changes c
WHERE c.state = 3 AND NOT EXISTS (
    SELECT 1 FROM events e WHERE e.subject_id = c.order_id
        AND e.subject_kind = 'order' AND e.type = 'order.changed'
        AND CAST(e.data ->> 'version' AS BIGINT) = c.confirmed_version)
ORDER BY c.id
