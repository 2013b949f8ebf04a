-- change_exchange.sql - exchanges; their lines are actions of changes.

-- name: exchange_insert
INSERT INTO exchanges (id, bucket, order_id, return_id, state, order_version,
    currency, reason, is_unsettled, version, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :return_id::bigint,
    :state::bigint, :order_version::bigint, :currency::text, :reason::text,
    0, 1, :now::bigint, :now::bigint)

-- name: exchange_save
UPDATE exchanges SET state = :state::bigint, first_line = :first_line::bigint,
    confirmed_version = :confirmed_version::bigint,
    total_before = :total_before::bigint, total_after = :total_after::bigint,
    settled_at = :settled_at::bigint, is_unsettled = :is_unsettled::bigint,
    refused = NULL, version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: exchange_refuse
UPDATE exchanges SET refused = :refused::text WHERE id = :id::bigint

-- name: exchange_row
SELECT x.id, x.order_id, x.return_id, x.state, x.order_version, x.currency,
    x.reason, x.first_line, x.confirmed_version, x.total_before,
    x.total_after, x.settled_at, x.is_unsettled, x.version, x.created_at,
    x.updated_at, CASE WHEN r.n IS NULL THEN 0 ELSE 1 END,
    COALESCE(x.refused, '')
FROM exchanges x
LEFT JOIN order_replacements r
    ON r.order_id = x.order_id AND r.n = x.first_line
WHERE x.id = :id::bigint

-- name: exchange_of_order
SELECT x.id, x.order_id, x.return_id, x.state, x.order_version, x.currency,
    x.reason, x.first_line, x.confirmed_version, x.total_before,
    x.total_after, x.settled_at, x.is_unsettled, x.version, x.created_at,
    x.updated_at, CASE WHEN r.n IS NULL THEN 0 ELSE 1 END,
    COALESCE(x.refused, '')
FROM exchanges x
LEFT JOIN order_replacements r
    ON r.order_id = x.order_id AND r.n = x.first_line
WHERE x.order_id = :order_id::bigint
ORDER BY x.id

-- Of orders or returns, which have ids of their own.
-- name: exchange_open
SELECT id, order_id FROM exchanges
WHERE order_id = :subject::bigint AND state IN (2, 3, 4, 5)
UNION
SELECT id, order_id FROM exchanges
WHERE return_id = :subject::bigint AND state IN (2, 3, 4, 5)
-- postgres many body:
SELECT id, order_id FROM exchanges
WHERE order_id = ANY(:subject::bigint[]) AND state IN (2, 3, 4, 5)
UNION
SELECT id, order_id FROM exchanges
WHERE return_id = ANY(:subject::bigint[]) AND state IN (2, 3, 4, 5)

-- ---- verify ----

-- name: exchange_verify_order
SELECT x.id FROM exchanges x
LEFT JOIN orders o ON o.id = x.order_id
LEFT JOIN returns r ON r.id = x.return_id
WHERE o.id IS NULL OR r.id IS NULL OR r.order_id <> x.order_id
    OR x.bucket <> (x.order_id & 255) OR o.currency <> x.currency
    OR x.confirmed_version > o.version
UNION ALL
SELECT x.id FROM exchanges x
WHERE NOT EXISTS (
    SELECT 1 FROM order_change_actions a WHERE a.change_id = x.id)

-- Lines are held back by one that waits, and by no other.
-- name: exchange_verify_gate
SELECT x.id FROM exchanges x
WHERE (SELECT COUNT(*) FROM order_gates g
        WHERE g.order_id = x.order_id AND x.first_line IS NOT NULL
        AND g.n >= x.first_line AND g.n < x.first_line + (
            SELECT COUNT(*) FROM order_change_actions a
            WHERE a.change_id = x.id))
    <> CASE WHEN x.state IN (3, 4) THEN (
        SELECT COUNT(*) FROM order_change_actions a
        WHERE a.change_id = x.id) ELSE 0 END
