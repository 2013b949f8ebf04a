-- digest.sql - digests of the event log, and how far the next one has come.

-- name: digest_state
SELECT xid, id, events, hash FROM log_digest_state WHERE one = 1

-- name: digest_state_open
INSERT INTO log_digest_state (one, xid, id, events, hash)
VALUES (1, :xid::bigint, :id::bigint, :events::bigint, :hash::text)
ON CONFLICT (one) DO NOTHING

-- name: digest_state_save
UPDATE log_digest_state SET xid = :xid::bigint, id = :id::bigint,
    events = :events::bigint, hash = :hash::text
WHERE one = 1 AND xid = :old_xid::bigint AND id = :old_id::bigint
    AND events = :old_events::bigint

-- name: digest_add
INSERT INTO log_digests (n, made_at, through_xid, through_id, events, hash,
    signature)
VALUES (:n::bigint, :made_at::bigint, :xid::bigint, :id::bigint,
    :events::bigint, :hash::text, :signature::text)
ON CONFLICT (n) DO NOTHING

-- name: digest_page
SELECT n, made_at, through_xid, through_id, events, hash, signature
FROM log_digests
WHERE n > :after::bigint
ORDER BY n
LIMIT :limit::bigint

-- name: digest_last
SELECT n, made_at, through_xid, through_id, events, hash, signature
FROM log_digests
ORDER BY n DESC
LIMIT 1
