-- bulk.sql - one command on many orders.

-- name: order_job_add
INSERT INTO order_jobs (id, bucket, action, params, state, actor_kind,
    actor_id, total, asked, done, failed, version, created_at, updated_at)
VALUES (:id::bigint, 0, :action::bigint, :params::jsonb, 1,
    :actor_kind::bigint, :actor_id::bigint, :total::bigint, 0, 0, 0, 1,
    :created_at::bigint, :created_at::bigint)

-- name: order_job_row
SELECT id, action, params, state, actor_kind, actor_id, label_job_id, total,
    asked, done, failed, version, created_at, updated_at
FROM order_jobs
WHERE id = :id::bigint

-- name: order_job_lock
SELECT id, action, params, state, actor_kind, actor_id, label_job_id, total,
    asked, done, failed, version, created_at, updated_at
FROM order_jobs
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: order_job_page
SELECT id, action, params, state, actor_kind, actor_id, label_job_id, total,
    asked, done, failed, version, created_at, updated_at
FROM order_jobs
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: order_job_gate
INSERT INTO order_job_gate (id, begun) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET begun = order_job_gate.begun + 1

-- name: order_job_running
SELECT id FROM order_jobs WHERE state = 1 LIMIT :limit::bigint

-- name: order_job_save
UPDATE order_jobs SET params = :params::jsonb, state = :state::bigint,
    label_job_id = :label_job_id::bigint, asked = :asked::bigint,
    done = :done::bigint, failed = :failed::bigint,
    version = :version::bigint, updated_at = :updated_at::bigint
WHERE id = :id::bigint

-- In turns: the one that moved longest ago.
-- name: order_job_next
SELECT j.id
FROM order_jobs j
WHERE j.state = 1 AND EXISTS (SELECT 1 FROM order_job_items i
    WHERE i.job_id = j.id AND i.state = 1)
ORDER BY j.updated_at, j.id
LIMIT 1

-- What is asked for is still to come.
-- name: order_job_old
SELECT id FROM order_jobs
WHERE state <> 1 AND asked = 0 AND updated_at < :before::bigint
ORDER BY updated_at, id LIMIT :limit::bigint

-- name: order_job_items_remove
DELETE FROM order_job_items WHERE job_id = :job_id::bigint

-- name: order_job_remove
DELETE FROM order_jobs WHERE id = :id::bigint

-- name: order_job_item_add
-- many
INSERT INTO order_job_items (job_id, n, order_id, state, code, field, detail)
VALUES (:job_id::bigint, :n::bigint, :order_id::bigint, 1, '', '', '')

-- name: order_job_item_save
UPDATE order_job_items SET state = :state::bigint, code = :code::text,
    field = :field::text, detail = :detail::text
WHERE job_id = :job_id::bigint AND n = :n::bigint

-- name: order_job_item_page
SELECT job_id, n, order_id, state, code, field, detail
FROM order_job_items
WHERE job_id = :job_id::bigint AND n > :after::bigint
ORDER BY n
LIMIT :limit::bigint

-- name: order_job_item_page_state
SELECT job_id, n, order_id, state, code, field, detail
FROM order_job_items
WHERE job_id = :job_id::bigint AND n > :after::bigint
    AND state = :state::bigint
ORDER BY n
LIMIT :limit::bigint

-- name: order_job_item_asked
-- many
SELECT job_id, n, order_id, state, code, field, detail
FROM order_job_items
WHERE order_id = :order_id::bigint AND state = 2
-- postgres many body:
SELECT i.job_id, i.n, i.order_id, i.state, i.code, i.field, i.detail
FROM unnest(:order_id::bigint[]) AS k(order_id)
JOIN order_job_items i ON i.order_id = k.order_id
WHERE i.state = 2

-- name: order_job_verify
SELECT j.id
FROM order_jobs j
WHERE j.total <> (SELECT COUNT(*) FROM order_job_items i
        WHERE i.job_id = j.id)
    OR j.asked <> (SELECT COUNT(*) FROM order_job_items i
        WHERE i.job_id = j.id AND i.state = 2)
    OR j.done <> (SELECT COUNT(*) FROM order_job_items i
        WHERE i.job_id = j.id AND i.state = 3)
    OR j.failed <> (SELECT COUNT(*) FROM order_job_items i
        WHERE i.job_id = j.id AND i.state = 4)
    OR (j.state = 1 AND j.done + j.failed = j.total)
    OR (j.state = 2 AND j.done + j.failed < j.total)
