-- Which store this is, and whether it may reach out.

-- name: outbound_insert
INSERT INTO outbound (id, is_paused, reason, changed_at, version)
VALUES (1, :is_paused::bigint, :reason::text, :at::bigint, 1)
ON CONFLICT (id) DO NOTHING

-- name: outbound_get
SELECT is_paused, reason, changed_at, version FROM outbound WHERE id = 1

-- name: outbound_lock
SELECT is_paused, reason, changed_at, version FROM outbound WHERE id = 1
-- postgres: FOR UPDATE

-- name: outbound_save
UPDATE outbound SET is_paused = :is_paused::bigint, reason = :reason::text,
    changed_at = :at::bigint, version = :version::bigint
WHERE id = 1
