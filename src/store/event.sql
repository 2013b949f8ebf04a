-- The event log and the cursors of its consumers.

-- name: event_insert
-- many
-- later
INSERT INTO events (id, at, type, subject_kind, subject_id, actor_kind,
    actor_id, data)
VALUES (:id::bigint, :at::bigint, :type::text, :subject_kind::text,
    :subject_id::bigint, :actor_kind::bigint, :actor_id::bigint, :data::jsonb)
-- postgres body:
INSERT INTO events (bucket, id, xid, at, type, subject_kind, subject_id,
    actor_kind, actor_id, data)
VALUES (:id::bigint & 255, :id, pg_current_xact_id()::text::bigint,
    :at::bigint, :type::text, :subject_kind::text, :subject_id::bigint,
    :actor_kind::bigint, :actor_id::bigint, :data::jsonb)
-- postgres many body:
INSERT INTO events (bucket, id, xid, at, type, subject_kind, subject_id,
    actor_kind, actor_id, data)
SELECT u.id & 255, u.id, pg_current_xact_id()::text::bigint, u.at, u.type,
    u.subject_kind, u.subject_id, u.actor_kind, u.actor_id, u.data::jsonb
FROM unnest(:id::bigint[], :at::bigint[], :type::text[],
    :subject_kind::text[], :subject_id::bigint[], :actor_kind::bigint[],
    :actor_id::bigint[], :data::text[])
    AS u(id, at, type, subject_kind, subject_id, actor_kind, actor_id, data)

-- name: event_last
SELECT id FROM events ORDER BY id DESC LIMIT 1

-- On SQLite ids rise in commit order and xid is always 0.
-- name: event_list_after
SELECT id, 0, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE id > :id::bigint AND :xid::bigint IS NOT NULL
ORDER BY id
LIMIT :limit::bigint
-- postgres body:
SELECT id, xid, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE (xid, id) > (:xid::bigint, :id::bigint)
  AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, id
LIMIT :limit::bigint

-- Also those whose turn has not come, since an older transaction still runs.
-- name: event_list_ahead
SELECT id, 0, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE id > :id::bigint AND :xid::bigint IS NOT NULL
ORDER BY id
LIMIT :limit::bigint
-- postgres body:
SELECT id, xid, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE (xid, id) > (:xid::bigint, :id::bigint)
ORDER BY xid, id
LIMIT :limit::bigint

-- In the order of the log, not of ids: two nodes may write about one subject.
-- name: event_list_subject_after
SELECT id, 0, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE subject_id = :subject_id::bigint AND id > :id::bigint
  AND :xid::bigint IS NOT NULL AND subject_kind = :subject_kind::text
ORDER BY id
LIMIT :limit::bigint
-- postgres body:
SELECT id, xid, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE subject_id = :subject_id::bigint
  AND (xid, id) > (:xid::bigint, :id::bigint)
  AND subject_kind = :subject_kind::text
  AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, id
LIMIT :limit::bigint

-- name: event_locate
SELECT 0, id FROM events WHERE id = :id::bigint AND :bucket::bigint >= 0
-- postgres body:
SELECT xid, id FROM events WHERE id = :id::bigint AND bucket = :bucket::bigint

-- name: event_head
SELECT 0, id FROM events ORDER BY id DESC LIMIT 1
-- postgres body:
SELECT xid, id FROM events
WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid DESC, id DESC
LIMIT 1

-- name: event_list_subject
SELECT id, 0, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events
WHERE subject_id = :subject_id::bigint AND id > :after::bigint
  AND subject_kind = :subject_kind::text
ORDER BY id
LIMIT :limit::bigint

-- Also those that readers do not see yet: who has none of them behind him has
-- seen all that this snapshot shows.
-- name: event_count_after
SELECT COUNT(*) FROM (
    SELECT id FROM events WHERE id > :id::bigint AND :xid::bigint IS NOT NULL
    LIMIT :cap::bigint) AS behind
-- postgres body:
SELECT COUNT(*) FROM (
    SELECT id FROM events
    WHERE (xid, id) > (:xid::bigint, :id::bigint)
    LIMIT :cap::bigint) AS behind

-- name: event_cursor_get
SELECT xid, id FROM event_cursors WHERE consumer = :consumer::text

-- name: event_cursor_lock
SELECT xid, id FROM event_cursors WHERE consumer = :consumer::text
-- postgres: FOR UPDATE

-- name: event_cursor_insert
INSERT INTO event_cursors (consumer, xid, id)
VALUES (:consumer::text, 0, 0)
ON CONFLICT (consumer) DO NOTHING

-- name: event_cursor_save
UPDATE event_cursors SET xid = :xid::bigint, id = :id::bigint,
    stopped_at = NULL, stopped_by = NULL, error = NULL
WHERE consumer = :consumer::text

-- name: event_stop_save
UPDATE event_cursors SET stopped_at = COALESCE(stopped_at, :at::bigint),
    stopped_by = :by::bigint, error = :error::text
WHERE consumer = :consumer::text

-- name: event_stop_clear
UPDATE event_cursors SET stopped_at = NULL, stopped_by = NULL, error = NULL
WHERE consumer = :consumer::text

-- name: event_stop_list
SELECT consumer, stopped_at, stopped_by, error FROM event_cursors
WHERE stopped_at IS NOT NULL
ORDER BY stopped_at, consumer

-- A row from the future: the log was restored into a cluster whose transaction
-- ids start anew.
-- name: event_ahead
-- only: postgres
SELECT id FROM events
WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
LIMIT 1
