-- tenant.sql - tenants of a control store, and what each store was used for.

-- name: tenant_by_code
SELECT id, code, name, state, wake_at, version, created_at
FROM tenants
WHERE code = :code::text

-- name: tenant_row
SELECT id, code, name, state, wake_at, version, created_at
FROM tenants
WHERE id = :id::bigint

-- name: tenant_lock
SELECT id, code, name, state, wake_at, version, created_at
FROM tenants
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: tenant_page
SELECT id, code, name, state, wake_at, version, created_at
FROM tenants
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: tenant_add
INSERT INTO tenants (id, code, name, state, version, created_at)
VALUES (:id::bigint, :code::text, :name::text, :state::bigint, 1,
    :created_at::bigint)
ON CONFLICT (code) DO NOTHING

-- name: tenant_save
UPDATE tenants SET name = :name::text, state = :state::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- When a closed store is to be opened is nobody's version.
-- name: tenant_wake_save
UPDATE tenants SET wake_at = :wake_at::bigint WHERE id = :id::bigint

-- name: tenant_host_list
-- many
SELECT tenant_id, host FROM tenant_hosts
WHERE tenant_id = :tenant_id::bigint
ORDER BY tenant_id, host
-- postgres many body:
SELECT tenant_id, host FROM tenant_hosts
WHERE tenant_id = ANY(:tenant_id::bigint[])
ORDER BY tenant_id, host

-- name: tenant_host_drop
DELETE FROM tenant_hosts WHERE tenant_id = :tenant_id::bigint

-- name: tenant_host_add
INSERT INTO tenant_hosts (host, tenant_id)
VALUES (:host::text, :tenant_id::bigint)
ON CONFLICT (host) DO NOTHING

-- ---- credentials ----

-- name: tenant_credential_add
-- many
INSERT INTO tenant_credentials (hash, id, tenant_id)
VALUES (:hash::text, :id::bigint, :tenant_id::bigint)
ON CONFLICT (hash) DO NOTHING

-- name: tenant_credential_page
SELECT id, tenant_id, hash FROM tenant_credentials
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- ---- usage ----

-- name: usage_open
-- many
INSERT INTO usage_days (day, name, value)
VALUES (:day::bigint, :name::text, 0)
ON CONFLICT (day, name) DO NOTHING
-- postgres many body:
INSERT INTO usage_days (day, name, value)
SELECT k.day, k.name, 0
FROM unnest(:day::bigint[], :name::text[]) AS k(day, name)
ORDER BY k.day, k.name
ON CONFLICT (day, name) DO NOTHING

-- name: usage_bump
UPDATE usage_days SET value = value + :value::bigint
WHERE day = :day::bigint AND name = :name::text

-- name: usage_range
SELECT day, name, value FROM usage_days
WHERE day >= :from::bigint AND day <= :to::bigint
ORDER BY day, name

-- name: tenant_usage_save
-- many
INSERT INTO tenant_usage (tenant_id, day, name, value)
VALUES (:tenant_id::bigint, :day::bigint, :name::text, :value::bigint)
ON CONFLICT (tenant_id, day, name) DO UPDATE SET value = excluded.value

-- name: tenant_usage_range
SELECT day, name, value FROM tenant_usage
WHERE tenant_id = :tenant_id::bigint AND day >= :from::bigint
    AND day <= :to::bigint
ORDER BY day, name

-- ---- verify ----

-- name: verify_tenant_links
SELECT k.name FROM (
    SELECT host AS name, tenant_id FROM tenant_hosts
    UNION ALL
    SELECT hash AS name, tenant_id FROM tenant_credentials
) AS k
LEFT JOIN tenants t ON t.id = k.tenant_id
WHERE t.id IS NULL
