-- user.sql - API keys.

-- name: key_add
INSERT INTO api_keys (id, name, key_hash, hint, perms, created_at, expires_at,
    version)
VALUES (:id::bigint, :name::text, :key_hash::text, :hint::text,
    :perms::bigint, :created_at::bigint, :expires_at::bigint, 1)

-- name: key_lock
SELECT k.id, k.name, k.hint, k.perms, k.created_at, k.expires_at, k.revoked_at,
    k.version, l.rate_per_s, l.burst,
    (SELECT MAX(o.until) FROM api_key_olds o WHERE o.key_id = k.id)
FROM api_keys k
LEFT JOIN api_key_limits l ON l.key_id = k.id
WHERE k.id = :id::bigint
-- postgres: FOR UPDATE OF k

-- name: key_page
SELECT k.id, k.name, k.hint, k.perms, k.created_at, k.expires_at, k.revoked_at,
    k.version, l.rate_per_s, l.burst,
    (SELECT MAX(o.until) FROM api_key_olds o WHERE o.key_id = k.id)
FROM api_keys k
LEFT JOIN api_key_limits l ON l.key_id = k.id
WHERE k.id < :before::bigint
ORDER BY k.id DESC
LIMIT :limit::bigint

-- name: key_limit_add
INSERT INTO api_key_limits (key_id, rate_per_s, burst)
VALUES (:key_id::bigint, :rate_per_s::bigint, :burst::bigint)

-- name: key_secret
SELECT key_hash FROM api_keys WHERE id = :id::bigint

-- name: key_rotate
UPDATE api_keys SET key_hash = :key_hash::text, hint = :hint::text,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: key_old_add
INSERT INTO api_key_olds (key_hash, key_id, until)
VALUES (:key_hash::text, :key_id::bigint, :until::bigint)

-- name: key_old_live
SELECT key_hash
FROM api_key_olds
WHERE key_id = :key_id::bigint AND until > :now::bigint
LIMIT 100

-- name: key_old_clear
DELETE FROM api_key_olds WHERE key_id = :key_id::bigint

-- name: key_revoke
UPDATE api_keys SET revoked_at = :revoked_at::bigint, version = version + 1
WHERE id = :id::bigint AND revoked_at IS NULL

-- name: key_directory
SELECT k.id, k.perms, k.expires_at, k.key_hash, l.rate_per_s, l.burst
FROM api_keys k
LEFT JOIN api_key_limits l ON l.key_id = k.id
WHERE k.revoked_at IS NULL

-- name: key_old_directory
SELECT k.id, k.perms, k.expires_at, o.key_hash, l.rate_per_s, l.burst, o.until
FROM api_key_olds o
JOIN api_keys k ON k.id = o.key_id
LEFT JOIN api_key_limits l ON l.key_id = k.id
WHERE k.revoked_at IS NULL AND o.until > :now::bigint

-- ---- verify ----

-- name: verify_keys
SELECT id, perms, key_hash
FROM api_keys

-- name: verify_key_olds
SELECT o.key_id, o.key_hash, k.id, n.id
FROM api_key_olds o
LEFT JOIN api_keys k ON k.id = o.key_id
LEFT JOIN api_keys n ON n.key_hash = o.key_hash

-- ---- people ----

-- name: user_add
INSERT INTO users (id, email, email_fold, name, device_key, is_active, version,
    created_at)
VALUES (:id::bigint, :email::text, :email_fold::text, :name::text,
    :device_key::text, 1, 1, :created_at::bigint)
ON CONFLICT DO NOTHING

-- name: user_row
SELECT id, email, name, is_active, version, created_at, password_at
FROM users
WHERE id = :id::bigint

-- name: user_lock
SELECT id, email, name, is_active, version, created_at, password_at
FROM users
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: user_by_email
SELECT id, email, name, is_active, version, created_at, password_at
FROM users
WHERE email_fold = :email_fold::text

-- name: user_page
SELECT id, email, name, is_active, version, created_at, password_at
FROM users
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: user_save
UPDATE users SET email = :email::text, email_fold = :email_fold::text,
    name = :name::text, is_active = :is_active::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: user_save_password
UPDATE users SET password_hash = :password_hash::text,
    password_at = :password_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- Who can still let others in. Locked in order of id, by whoever takes one out.
-- name: user_admins_lock
SELECT u.id
FROM users u
JOIN user_roles r ON r.user_id = u.id
WHERE r.role = :role::text AND u.is_active = 1
ORDER BY u.id
LIMIT 1000
-- postgres: FOR UPDATE OF u

-- ---- roles ----

-- name: user_role_add
INSERT INTO user_roles (user_id, role) VALUES (:user_id::bigint, :role::text)

-- name: user_role_clear
DELETE FROM user_roles WHERE user_id = :user_id::bigint

-- Of a page of users, whose ids are all there are between two.
-- name: user_role_range
SELECT user_id, role
FROM user_roles
WHERE user_id >= :first::bigint AND user_id <= :last::bigint
ORDER BY user_id, role

-- name: user_role_any
SELECT user_id FROM user_roles WHERE role = :role::text LIMIT 1

-- name: role_all
SELECT code, title, perms, version, created_at FROM roles ORDER BY code

-- name: role_row
SELECT code, title, perms, version, created_at
FROM roles
WHERE code = :code::text

-- name: role_lock
SELECT code, title, perms, version, created_at
FROM roles
WHERE code = :code::text
-- postgres: FOR UPDATE

-- name: role_add
INSERT INTO roles (code, title, perms, version, created_at)
VALUES (:code::text, :title::text, :perms::bigint, 1, :created_at::bigint)
ON CONFLICT DO NOTHING

-- name: role_save
UPDATE roles SET title = :title::text, perms = :perms::bigint,
    version = version + 1
WHERE code = :code::text AND version = :version::bigint

-- name: role_delete
DELETE FROM roles WHERE code = :code::text

-- ---- sessions ----

-- name: session_add
INSERT INTO sessions (id, user_id, token_hash, peer, created_at, seen_at,
    expires_at)
VALUES (:id::bigint, :user_id::bigint, :token_hash::text, :peer::text,
    :created_at::bigint, :seen_at::bigint, :expires_at::bigint)

-- name: session_row
SELECT id, user_id, peer, created_at, seen_at, expires_at
FROM sessions
WHERE id = :id::bigint

-- name: session_by_token
SELECT id, user_id, peer, created_at, seen_at, expires_at
FROM sessions
WHERE token_hash = :token_hash::text

-- name: session_of_user
SELECT id, user_id, peer, created_at, seen_at, expires_at
FROM sessions
WHERE user_id = :user_id::bigint
ORDER BY id DESC
LIMIT 100

-- name: session_end
DELETE FROM sessions WHERE id = :id::bigint

-- name: session_end_all
DELETE FROM sessions WHERE user_id = :user_id::bigint

-- name: session_touch
-- many
UPDATE sessions SET seen_at = :seen_at::bigint
WHERE id = :id::bigint AND seen_at < :seen_at::bigint
-- postgres many body:
UPDATE sessions SET seen_at = t.seen_at
FROM unnest(:seen_at::bigint[], :id::bigint[]) AS t (seen_at, id)
WHERE sessions.id = t.id AND sessions.seen_at < t.seen_at

-- name: session_over
SELECT id, user_id, peer, created_at, seen_at, expires_at
FROM sessions
WHERE expires_at <= :now::bigint OR seen_at <= :idle::bigint
ORDER BY id
LIMIT 500

-- name: session_directory
SELECT s.id, s.user_id, s.token_hash, s.seen_at, s.expires_at
FROM sessions s
JOIN users u ON u.id = s.user_id
WHERE u.is_active = 1 AND s.expires_at > :now::bigint
    AND s.seen_at > :idle::bigint
ORDER BY s.user_id

-- name: session_roles
SELECT r.user_id, r.role
FROM user_roles r
WHERE EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = r.user_id)
ORDER BY r.user_id

-- name: user_secrets
SELECT id, password_hash, device_key, is_active
FROM users
WHERE email_fold = :email_fold::text

-- name: user_secrets_by_id
SELECT id, password_hash, device_key, is_active
FROM users
WHERE id = :id::bigint

-- name: key_old_over
DELETE FROM api_key_olds WHERE until <= :now::bigint

-- name: verify_sessions
SELECT s.id, s.token_hash, s.created_at, s.seen_at, s.expires_at, u.id,
    u.is_active
FROM sessions s
LEFT JOIN users u ON u.id = s.user_id

-- name: verify_users
SELECT u.id, u.email, u.email_fold, u.password_hash, u.device_key,
    (SELECT COUNT(*) FROM user_roles r WHERE r.user_id = u.id)
FROM users u

-- name: verify_grants
SELECT r.user_id, r.role, o.perms, u.id
FROM user_roles r
LEFT JOIN roles o ON o.code = r.role
LEFT JOIN users u ON u.id = r.user_id
