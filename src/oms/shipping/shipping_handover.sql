-- shipping_handover.sql - manifests, pickups, what carriers say.

-- name: trace_add
INSERT INTO tracking_events (id, bucket, package_id, code, raw, place, dedupe,
    occurred_at, received_at, is_applied, by_hand)
VALUES (:id::bigint, :bucket::bigint, :package_id::bigint, :code::bigint,
    :raw::text, :place::text, :dedupe::text, :occurred_at::bigint,
    :received_at::bigint, :is_applied::bigint, :by_hand::bigint)

-- name: trace_find
SELECT id FROM tracking_events
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint
    AND dedupe = :dedupe::text

-- name: trace_list
SELECT id, package_id, code, raw, place, occurred_at, received_at, is_applied,
    by_hand
FROM tracking_events
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint
ORDER BY occurred_at, id
LIMIT 2000

-- name: trace_count
SELECT COUNT(id) FROM tracking_events
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: manifest_add
INSERT INTO manifests (id, bucket, location_id, account_id, state, packages,
    weight_g, confirmation, error, version, created_at, updated_at)
VALUES (:id::bigint, 0, :location_id::bigint, :account_id::bigint, 1,
    :packages::bigint, :weight_g::bigint, '', '', 1, :created_at::bigint,
    :created_at::bigint)

-- name: manifest_save
UPDATE manifests SET state = :state::bigint,
    confirmation = :confirmation::text, error = :error::text,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: manifest_page
SELECT id, location_id, account_id, state, 0, 0, packages, weight_g,
    confirmation, error, version, created_at, updated_at
FROM manifests
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: carrier_pickup_add
INSERT INTO carrier_pickups (id, bucket, location_id, account_id, state,
    ready_at, until, packages, confirmation, error, version, created_at,
    updated_at)
VALUES (:id::bigint, 0, :location_id::bigint, :account_id::bigint, 1,
    :ready_at::bigint, :until::bigint, :packages::bigint, '', '', 1,
    :created_at::bigint, :created_at::bigint)

-- name: carrier_pickup_save
UPDATE carrier_pickups SET state = :state::bigint,
    confirmation = :confirmation::text, error = :error::text,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: carrier_pickup_page
SELECT id, location_id, account_id, state, ready_at, until, packages, 0,
    confirmation, error, version, created_at, updated_at
FROM carrier_pickups
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint
