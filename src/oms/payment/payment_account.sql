-- payment_account.sql - accounts with gateways.

-- name: pay_account_add
INSERT INTO gateway_accounts (id, code, name, gateway, settings, secret,
    is_active, version, created_at, updated_at, renew_hours)
VALUES (:id::bigint, :code::text, :name::text, :gateway::text,
    :settings::jsonb, :secret::text, :is_active::bigint, 1,
    :created_at::bigint, :created_at::bigint, :renew_hours::bigint)

-- name: pay_account_save
UPDATE gateway_accounts SET name = :name::text, settings = :settings::jsonb,
    secret = :secret::text, is_active = :is_active::bigint,
    renew_hours = :renew_hours::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: pay_account_page
SELECT id, code, name, gateway, settings, secret, is_active, version,
    created_at, updated_at, renew_hours
FROM gateway_accounts
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: pay_account_by_code
SELECT id, code, name, gateway, settings, secret, is_active, version,
    created_at, updated_at, renew_hours
FROM gateway_accounts
WHERE code = :code::text

-- name: pay_account_count
SELECT COUNT(id) FROM gateway_accounts
