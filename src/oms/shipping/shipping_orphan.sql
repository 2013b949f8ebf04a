-- shipping_orphan.sql - labels that were sold and that no parcel wants.

-- columns: orphan
id, label_id, package_id, account_id, tracking, carrier_ref, currency,
cost_minor, state, error, created_at, updated_at

-- name: orphan_add
INSERT INTO orphan_labels (id, bucket, label_id, package_id, account_id,
    tracking, carrier_ref, currency, cost_minor, state, error, created_at,
    updated_at)
VALUES (:id::bigint, :bucket::bigint, :label_id::bigint, :package_id::bigint,
    :account_id::bigint, :tracking::text, :carrier_ref::text, :currency::text,
    :cost_minor::bigint, :state::bigint, :error::text, :created_at::bigint,
    :created_at::bigint)

-- name: orphan_row
SELECT {orphan}
FROM orphan_labels
WHERE id = :id::bigint

-- name: orphan_lock
SELECT {orphan}
FROM orphan_labels
WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE

-- name: orphan_page
SELECT {orphan}
FROM orphan_labels
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: orphan_page_state
SELECT {orphan}
FROM orphan_labels
WHERE id > :after::bigint AND state = :state::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: orphan_save
UPDATE orphan_labels SET state = :state::bigint, error = :error::text,
    updated_at = :updated_at::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: orphan_known
SELECT id FROM orphan_labels
WHERE label_id = :label_id::bigint AND tracking = :tracking::text

-- Being given back, or given back.
-- name: orphan_taken
SELECT id FROM orphan_labels
WHERE tracking = :tracking::text AND state IN (1, 2)
LIMIT 1

-- Whatever its account: it may have been written in by hand.
-- name: orphan_in_use
SELECT id FROM packages
WHERE tracking = :tracking::text
LIMIT 1

-- name: label_settled
UPDATE labels SET is_settled = 1
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: label_is_settled
SELECT is_settled FROM labels
WHERE bucket = :bucket::bigint AND id = :id::bigint
