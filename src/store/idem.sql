-- Idempotency keys on SQLite: a narrow table that is read whole at start, and
-- the replies apart. Both are appended at their right edge.

-- name: idem_key_insert
-- only: sqlite
-- many
INSERT INTO idem_keys (id, key_hash, key_check, body_hash)
VALUES (:id::bigint, :key_hash::bigint, :key_check::bigint, :body_hash::bigint)

-- name: idem_reply_insert
-- only: sqlite
-- many
INSERT INTO idem_replies (id, status, reply)
VALUES (:id::bigint, :status::bigint, :reply::text)

-- name: idem_get
-- only: sqlite
SELECT k.key_hash, k.key_check, k.body_hash, r.status, r.reply
FROM idem_keys k
JOIN idem_replies r ON r.id = k.id
WHERE k.id = :id::bigint

-- Without a condition SQLite only walks the pages.
-- name: idem_count
-- only: sqlite
SELECT COUNT(*) FROM idem_keys

-- name: idem_load
-- only: sqlite
SELECT id, key_hash FROM idem_keys WHERE id >= :floor::bigint ORDER BY id

-- name: idem_key_sweep
-- only: sqlite
DELETE FROM idem_keys WHERE id IN (
    SELECT id FROM idem_keys WHERE id < :floor::bigint
    ORDER BY id LIMIT :limit::bigint)

-- name: idem_reply_sweep
-- only: sqlite
DELETE FROM idem_replies WHERE id IN (
    SELECT id FROM idem_replies WHERE id < :floor::bigint
    ORDER BY id LIMIT :limit::bigint)

-- ---- forgetting: answers that hold what was erased ----

-- name: idem_reply_list
SELECT id, 0, reply FROM idem_replies WHERE status <> 0
-- postgres body:
SELECT key_hash, key_check, reply FROM idem_keys WHERE status <> 0

-- name: idem_reply_forget
UPDATE idem_replies SET status = 0, reply = ''
WHERE id = :id::bigint AND :key_check::bigint = 0
-- postgres body:
UPDATE idem_keys SET status = 0, reply = ''
WHERE key_hash = :id::bigint AND key_check = :key_check::bigint
