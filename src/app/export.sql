-- export.sql - the tables whose shape differs by engine.

-- name: export_events
SELECT id, at, type, subject_kind, subject_id, actor_kind, actor_id, data
FROM events ORDER BY id

-- All of a restored log is in the past: transaction 0, in order of id.
-- name: restore_events
-- many
INSERT INTO events (id, at, type, subject_kind, subject_id, actor_kind,
    actor_id, data)
VALUES (:id::bigint, :at::bigint, :type::text, :subject_kind::text,
    :subject_id::bigint, :actor_kind::bigint, :actor_id::bigint, :data::jsonb)
ON CONFLICT (id) DO NOTHING
-- postgres body:
INSERT INTO events (bucket, id, xid, at, type, subject_kind, subject_id,
    actor_kind, actor_id, data)
VALUES (:id::bigint & 255, :id, 0, :at::bigint, :type::text,
    :subject_kind::text, :subject_id::bigint, :actor_kind::bigint,
    :actor_id::bigint, :data::jsonb)
ON CONFLICT (id) DO NOTHING
-- postgres many body:
INSERT INTO events (bucket, id, xid, at, type, subject_kind, subject_id,
    actor_kind, actor_id, data)
SELECT u.id & 255, u.id, 0, u.at, u.type, u.subject_kind, u.subject_id,
    u.actor_kind, u.actor_id, u.data::jsonb
FROM unnest(:id::bigint[], :at::bigint[], :type::text[],
    :subject_kind::text[], :subject_id::bigint[], :actor_kind::bigint[],
    :actor_id::bigint[], :data::text[])
    AS u(id, at, type, subject_kind, subject_id, actor_kind, actor_id, data)
ON CONFLICT (id) DO NOTHING

-- The last event below which a consumer has seen every one. On PostgreSQL it
-- may have seen some above, which it will then see twice.
-- name: export_cursors
SELECT c.consumer, COALESCE(
    (SELECT MIN(e.id) - 1 FROM events e WHERE e.id > c.id),
    (SELECT MAX(e.id) FROM events e), 0)
FROM event_cursors c ORDER BY c.consumer
-- postgres body:
SELECT c.consumer, COALESCE(
    (SELECT MIN(e.id) - 1 FROM events e WHERE (e.xid, e.id) > (c.xid, c.id)),
    (SELECT MAX(e.id) FROM events e), 0)
FROM event_cursors c ORDER BY c.consumer COLLATE "C"

-- name: restore_cursors
-- many
INSERT INTO event_cursors (consumer, xid, id)
VALUES (:consumer::text, 0, :id::bigint)
ON CONFLICT (consumer) DO UPDATE SET xid = excluded.xid, id = excluded.id

-- name: export_schema
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name
-- postgres body:
SELECT table_name FROM information_schema.tables
WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C"
