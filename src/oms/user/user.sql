-- user.sql - API keys.

-- name: key_add
INSERT INTO api_keys (id, name, key_hash, hint, perms, created_at, expires_at,
    version)
VALUES (:id::bigint, :name::text, :key_hash::text, :hint::text,
    :perms::bigint, :created_at::bigint, :expires_at::bigint, 1)

-- name: key_lock
SELECT id, name, hint, perms, created_at, expires_at, revoked_at, version
FROM api_keys
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: key_page
SELECT id, name, hint, perms, created_at, expires_at, revoked_at, version
FROM api_keys
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: key_revoke
UPDATE api_keys SET revoked_at = :revoked_at::bigint, version = version + 1
WHERE id = :id::bigint AND revoked_at IS NULL

-- name: key_directory
SELECT id, perms, expires_at, key_hash
FROM api_keys
WHERE revoked_at IS NULL

-- ---- verify ----

-- name: verify_keys
SELECT id, perms, key_hash
FROM api_keys
