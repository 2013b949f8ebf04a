-- shipping_setup.sql - boxes and accounts with carriers.

-- name: box_add
INSERT INTO boxes (id, code, name, location_id, length_mm, width_mm, height_mm,
    weight_g, max_weight_g, cost_minor, is_active, version, created_at,
    updated_at)
VALUES (:id::bigint, :code::text, :name::text, :location_id::bigint,
    :length_mm::bigint, :width_mm::bigint, :height_mm::bigint,
    :weight_g::bigint, :max_weight_g::bigint, :cost_minor::bigint,
    :is_active::bigint, 1, :created_at::bigint, :created_at::bigint)

-- name: box_save
UPDATE boxes SET name = :name::text, location_id = :location_id::bigint,
    length_mm = :length_mm::bigint, width_mm = :width_mm::bigint,
    height_mm = :height_mm::bigint, weight_g = :weight_g::bigint,
    max_weight_g = :max_weight_g::bigint, cost_minor = :cost_minor::bigint,
    is_active = :is_active::bigint, updated_at = :updated_at::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: box_page
SELECT id, code, name, location_id, length_mm, width_mm, height_mm, weight_g,
    max_weight_g, cost_minor, is_active, version, created_at, updated_at
FROM boxes
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: box_by_code
SELECT id, code, name, location_id, length_mm, width_mm, height_mm, weight_g,
    max_weight_g, cost_minor, is_active, version, created_at, updated_at
FROM boxes
WHERE code = :code::text

-- name: box_list_at
SELECT id, code, name, location_id, length_mm, width_mm, height_mm, weight_g,
    max_weight_g, cost_minor, is_active, version, created_at, updated_at
FROM boxes
WHERE is_active = 1
    AND (location_id = :location_id::bigint OR location_id IS NULL)

-- name: box_count
SELECT COUNT(id) FROM boxes

-- name: account_add
INSERT INTO carrier_accounts (id, code, name, carrier, settings, services,
    secret, gs1_prefix, is_active, version, created_at, updated_at)
VALUES (:id::bigint, :code::text, :name::text, :carrier::text,
    :settings::jsonb, :services::jsonb, :secret::text, :gs1_prefix::text,
    :is_active::bigint, 1, :created_at::bigint, :created_at::bigint)

-- name: account_save
UPDATE carrier_accounts SET name = :name::text, settings = :settings::jsonb,
    services = :services::jsonb, secret = :secret::text,
    gs1_prefix = :gs1_prefix::text, is_active = :is_active::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: account_page
SELECT id, code, name, carrier, settings, services, secret, gs1_prefix,
    is_active, version, created_at, updated_at
FROM carrier_accounts
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: account_by_code
SELECT id, code, name, carrier, settings, services, secret, gs1_prefix,
    is_active, version, created_at, updated_at
FROM carrier_accounts
WHERE code = :code::text

-- name: account_count
SELECT COUNT(id) FROM carrier_accounts
