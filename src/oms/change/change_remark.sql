-- change_remark.sql - notes on orders.

-- name: remark_add
INSERT INTO order_notes (id, bucket, order_id, text, created_at, actor_kind,
    actor_id)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :text::text,
    :now::bigint, :actor_kind::bigint, :actor_id::bigint)

-- name: remark_list
SELECT id, text, created_at, actor_kind, actor_id FROM order_notes
WHERE order_id = :order_id::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: remark_count
SELECT COUNT(*)::bigint FROM order_notes WHERE order_id = :order_id::bigint

-- name: remark_verify
SELECT n.id FROM order_notes n
LEFT JOIN orders o ON o.bucket = n.bucket AND o.id = n.order_id
WHERE o.id IS NULL OR n.bucket <> (n.order_id & 255)
ORDER BY n.id
