-- shipping_job.sql - labels in bulk.

-- name: job_add
INSERT INTO label_jobs (id, bucket, state, account, service, total, asked,
    bought, refused, version, is_open, created_at, updated_at)
VALUES (:id::bigint, 0, 1, :account::text, :service::text, :total::bigint, 0,
    0, 0, 1, :is_open::bigint, :created_at::bigint, :created_at::bigint)

-- name: job_row
SELECT id, state, account, service, total, asked, bought, refused, version,
    created_at, updated_at, is_open
FROM label_jobs
WHERE id = :id::bigint

-- name: job_lock
SELECT id, state, account, service, total, asked, bought, refused, version,
    created_at, updated_at, is_open
FROM label_jobs
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: job_page
SELECT id, state, account, service, total, asked, bought, refused, version,
    created_at, updated_at, is_open
FROM label_jobs
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: job_save
UPDATE label_jobs SET state = :state::bigint, total = :total::bigint,
    asked = :asked::bigint, bought = :bought::bigint,
    refused = :refused::bigint, updated_at = :updated_at::bigint,
    version = :version::bigint, is_open = :is_open::bigint
WHERE id = :id::bigint

-- name: job_item_add
-- many
INSERT INTO label_job_items (job_id, n, fo_id, package_id, state, code, field,
    detail)
VALUES (:job_id::bigint, :n::bigint, :fo_id::bigint, :package_id::bigint,
    :state::bigint, '', '', '')

-- name: job_item_save
UPDATE label_job_items SET package_id = :package_id::bigint,
    state = :state::bigint, code = :code::text, field = :field::text,
    detail = :detail::text
WHERE job_id = :job_id::bigint AND n = :n::bigint

-- name: job_item_row
SELECT job_id, n, fo_id, package_id, state, code, field, detail
FROM label_job_items
WHERE job_id = :job_id::bigint AND n = :n::bigint

-- name: job_item_page
SELECT job_id, n, fo_id, package_id, state, code, field, detail
FROM label_job_items
WHERE job_id = :job_id::bigint AND n > :after::bigint
ORDER BY n
LIMIT :limit::bigint

-- name: job_bought_page
SELECT job_id, n, fo_id, package_id, state, code, field, detail
FROM label_job_items
WHERE job_id = :job_id::bigint AND n > :after::bigint AND state = 3
ORDER BY n
LIMIT :limit::bigint

-- name: job_item_of_package
SELECT job_id, n, fo_id, package_id, state, code, field, detail
FROM label_job_items
WHERE job_id = :job_id::bigint AND package_id = :package_id::bigint
    AND state = 2

-- By the last item of each of the order's parcels.
-- name: job_order_states
SELECT COALESCE(SUM(CASE WHEN i.state IN (1, 2) THEN 1 ELSE 0 END), 0)::bigint,
    COALESCE(SUM(CASE WHEN i.state = 4 THEN 1 ELSE 0 END), 0)::bigint
FROM packages p
JOIN label_job_items i ON i.job_id = :job_id::bigint AND i.package_id = p.id
WHERE p.order_id = :order_id::bigint AND COALESCE(p.returns_id, 0) = 0
    AND NOT EXISTS (SELECT 1 FROM label_job_items j
        WHERE j.job_id = i.job_id AND j.package_id = i.package_id
            AND j.n > i.n)

-- name: job_next
SELECT i.job_id, i.n, i.fo_id, i.package_id, i.state, i.code, i.field, i.detail
FROM label_jobs j
JOIN label_job_items i ON i.job_id = j.id
WHERE j.state = 1 AND i.state = 1
ORDER BY j.id, i.n
LIMIT :limit::bigint
