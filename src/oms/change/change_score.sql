-- change_score.sql - rules that score orders, scores, and what is counted.

-- name: score_policy_row
SELECT channel_id, is_active, doc, version, updated_at
FROM score_policies WHERE channel_id = :channel_id::bigint

-- name: score_policy_active
SELECT channel_id, is_active, doc, version, updated_at
FROM score_policies WHERE is_active = 1 ORDER BY channel_id

-- name: score_policy_insert
INSERT INTO score_policies (channel_id, is_active, doc, version, created_at,
    updated_at)
VALUES (:channel_id::bigint, :is_active::bigint, :doc::jsonb, 1, :now::bigint,
    :now::bigint)

-- name: score_policy_save
UPDATE score_policies SET is_active = :is_active::bigint, doc = :doc::jsonb,
    version = version + 1, updated_at = :now::bigint
WHERE channel_id = :channel_id::bigint AND version = :version::bigint

-- name: score_row
SELECT order_id, score, threshold, policy_version, hits, hold_id, created_at
FROM order_scores
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint

-- name: score_insert
INSERT INTO order_scores (order_id, bucket, score, threshold, policy_version,
    hits, hold_id, created_at)
VALUES (:order_id::bigint, :bucket::bigint, :score::bigint, :threshold::bigint,
    :policy_version::bigint, :hits::jsonb, :hold_id::bigint, :now::bigint)

-- name: score_key_add
INSERT INTO order_score_keys (key, at, order_id, bucket)
VALUES (:key::bigint, :at::bigint, :order_id::bigint, :bucket::bigint)
ON CONFLICT DO NOTHING

-- name: score_key_count
SELECT COUNT(*)::bigint FROM order_score_keys
WHERE bucket = :bucket::bigint AND key = :key::bigint
    AND at > :since::bigint AND at <= :until::bigint

-- name: score_key_drop
DELETE FROM order_score_keys WHERE (key, at, order_id) IN (
    SELECT key, at, order_id FROM order_score_keys WHERE at < :before::bigint
    ORDER BY at LIMIT :limit::bigint)

-- name: score_orders
SELECT order_id FROM order_list
WHERE channel_id = :channel_id::bigint AND status = :status::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- ---- verify ----

-- name: score_verify
SELECT s.order_id FROM order_scores s
LEFT JOIN orders o ON o.bucket = s.bucket AND o.id = s.order_id
LEFT JOIN order_holds h ON h.id = s.hold_id
WHERE o.id IS NULL OR s.bucket <> (s.order_id & 255)
    OR (s.hold_id IS NOT NULL
        AND (h.id IS NULL OR h.order_id <> s.order_id
            OR s.score < s.threshold))
ORDER BY s.order_id
