-- automation.sql - tasks: what waits for a person.

-- name: task_add
INSERT INTO tasks (id, bucket, kind, subject_kind, subject_id, order_id, state,
    owner_role, owner_user_id, due_at, event_id, times, resolution, note,
    opened_at, updated_at, resolved_at, version)
VALUES (:id::bigint, :bucket::bigint, :kind::text, :subject_kind::text,
    :subject_id::bigint, :order_id::bigint, :state::bigint, :owner_role::text,
    :owner_user_id::bigint, :due_at::bigint, :event_id::bigint,
    :times::bigint, :resolution::bigint, :note::text, :opened_at::bigint,
    :updated_at::bigint, :resolved_at::bigint, :version::bigint)

-- name: task_save
UPDATE tasks SET state = :state::bigint, owner_role = :owner_role::text,
    owner_user_id = :owner_user_id::bigint, due_at = :due_at::bigint,
    times = :times::bigint, resolution = :resolution::bigint,
    note = :note::text, updated_at = :updated_at::bigint,
    resolved_at = :resolved_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: task_get
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE id = :id::bigint

-- name: task_lock
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: task_list_open
-- many
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE state = 1 AND subject_id = :subject_id::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE state = 1 AND subject_id = ANY(:subject_id::bigint[])
FOR UPDATE

-- name: task_page_open
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE state = 1 AND (due_at, id) > (:due_at::bigint, :after::bigint)
    AND due_at < :due_before::bigint
    AND (:kind::text = '' OR kind = :kind::text)
    AND (:owner_role::text = '' OR owner_role = :owner_role::text)
    AND (:owner_user_id::bigint = 0 OR owner_user_id = :owner_user_id::bigint)
    AND (:order_id::bigint = 0 OR order_id = :order_id::bigint)
ORDER BY due_at, id
LIMIT :limit::bigint

-- name: task_page
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE id < :before::bigint AND (:state::bigint = 0 OR state = :state::bigint)
    AND due_at < :due_before::bigint
    AND (:kind::text = '' OR kind = :kind::text)
    AND (:owner_role::text = '' OR owner_role = :owner_role::text)
    AND (:owner_user_id::bigint = 0 OR owner_user_id = :owner_user_id::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- name: task_page_order
SELECT id, kind, subject_kind, subject_id, order_id, state, owner_role,
    owner_user_id, due_at, event_id, times, resolution, note, opened_at,
    updated_at, resolved_at, version
FROM tasks
WHERE order_id > 0 AND order_id = :order_id::bigint AND id < :before::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
    AND due_at < :due_before::bigint
    AND (:kind::text = '' OR kind = :kind::text)
    AND (:owner_role::text = '' OR owner_role = :owner_role::text)
    AND (:owner_user_id::bigint = 0 OR owner_user_id = :owner_user_id::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- ---- verify ----

-- name: task_verify_events
SELECT t.id FROM tasks t
WHERE t.version <> (SELECT COUNT(*) FROM events e WHERE e.subject_id = t.id
        AND e.subject_kind = 'task')
    OR t.bucket <> (t.id & 255)

-- name: task_verify_causes
SELECT t.id FROM tasks t
WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = t.event_id
    AND e.subject_id = t.subject_id)
