-- user_view.sql - views of lists that people keep.

-- name: view_add
INSERT INTO saved_views (id, list, owner_kind, owner_id, name, query,
    is_shared, version, created_at, updated_at)
VALUES (:id::bigint, :list::bigint, :owner_kind::bigint, :owner_id::bigint,
    :name::text, :query::text, :is_shared::bigint, 1, :now::bigint,
    :now::bigint)

-- name: view_lock
SELECT id, list, owner_kind, owner_id, name, query, is_shared, version,
    created_at, updated_at
FROM saved_views
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- What is shared, and one's own; in the order in which they were made.
-- name: view_of_list
SELECT id, list, owner_kind, owner_id, name, query, is_shared, version,
    created_at, updated_at
FROM saved_views
WHERE list = :list::bigint AND (is_shared = 1
    OR (owner_kind = :owner_kind::bigint AND owner_id = :owner_id::bigint))
ORDER BY id
LIMIT :limit::bigint

-- name: view_own
SELECT id, name, list
FROM saved_views
WHERE owner_kind = :owner_kind::bigint AND owner_id = :owner_id::bigint
LIMIT :limit::bigint

-- name: view_shared
SELECT id
FROM saved_views
WHERE list = :list::bigint AND is_shared = 1
LIMIT :limit::bigint

-- name: view_save
UPDATE saved_views SET name = :name::text, query = :query::text,
    is_shared = :is_shared::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: view_delete
DELETE FROM saved_views WHERE id = :id::bigint AND version = :version::bigint

-- ---- verify ----

-- name: verify_views
SELECT v.id
FROM saved_views v
LEFT JOIN users u ON v.owner_kind = 4 AND u.id = v.owner_id
LEFT JOIN api_keys k ON v.owner_kind = 3 AND k.id = v.owner_id
WHERE u.id IS NULL AND k.id IS NULL
