-- tax.sql - the tables of taxes.

-- name: tax_rate_match
-- many
SELECT id, country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, created_at, updated_at
FROM tax_rates
WHERE country = :country::text AND region IN ('', :region::text)
    AND postal_prefix = substr(:postal_code::text, 1, length(postal_prefix))
    AND is_active = 1 AND valid_from <= :at::bigint AND valid_to > :at
-- postgres many body:
SELECT DISTINCT t.id, t.country, t.region, t.postal_prefix, t.tax_class,
    t.layer, t.name, t.rate_ppm, t.kind, t.is_compound, t.is_reversed,
    t.reason, t.valid_from, t.valid_to, t.is_active, t.version, t.created_at,
    t.updated_at
FROM unnest(:country::text[], :region::text[], :postal_code::text[],
    :at::bigint[]) AS k(country, region, postal_code, at)
JOIN tax_rates t ON t.country = k.country AND t.region IN ('', k.region)
    AND t.postal_prefix = substr(k.postal_code, 1, length(t.postal_prefix))
    AND t.is_active = 1 AND t.valid_from <= k.at AND t.valid_to > k.at

-- name: tax_rate_row
SELECT id, country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, created_at, updated_at
FROM tax_rates WHERE id = :id::bigint

-- name: tax_rate_lock
SELECT id, country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, created_at, updated_at
FROM tax_rates WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: tax_rate_by_key
-- many
SELECT id, country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, created_at, updated_at
FROM tax_rates
WHERE country = :country::text AND region = :region::text
    AND postal_prefix = :postal_prefix::text AND tax_class = :tax_class::text
    AND layer = :layer::bigint
-- postgres many body:
SELECT t.id, t.country, t.region, t.postal_prefix, t.tax_class, t.layer,
    t.name, t.rate_ppm, t.kind, t.is_compound, t.is_reversed, t.reason,
    t.valid_from, t.valid_to, t.is_active, t.version, t.created_at,
    t.updated_at
FROM tax_rates t
WHERE (t.country, t.region, t.postal_prefix, t.tax_class, t.layer) IN (
    SELECT * FROM unnest(:country::text[], :region::text[],
        :postal_prefix::text[], :tax_class::text[], :layer::bigint[]))
ORDER BY t.id
FOR UPDATE

-- name: tax_rate_page
SELECT id, country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, created_at, updated_at
FROM tax_rates
WHERE id > :after::bigint
    AND (:country::text = '' OR country = :country)
    AND (:tax_class::text = '' OR tax_class = :tax_class)
ORDER BY id
LIMIT :limit::bigint

-- name: tax_rate_add
-- many
INSERT INTO tax_rates (id, country, region, postal_prefix, tax_class, layer,
    name, rate_ppm, kind, is_compound, is_reversed, reason, valid_from,
    valid_to, is_active, version, created_at, updated_at)
VALUES (:id::bigint, :country::text, :region::text, :postal_prefix::text,
    :tax_class::text, :layer::bigint, :name::text, :rate_ppm::bigint,
    :kind::bigint, :is_compound::bigint, :is_reversed::bigint, :reason::text,
    :valid_from::bigint, :valid_to::bigint, :is_active::bigint,
    :version::bigint, :created_at::bigint, :updated_at::bigint)
ON CONFLICT DO NOTHING

-- name: tax_rate_save
-- many
UPDATE tax_rates SET country = :country::text, region = :region::text,
    postal_prefix = :postal_prefix::text, tax_class = :tax_class::text,
    layer = :layer::bigint, name = :name::text, rate_ppm = :rate_ppm::bigint,
    kind = :kind::bigint, is_compound = :is_compound::bigint,
    is_reversed = :is_reversed::bigint, reason = :reason::text,
    valid_from = :valid_from::bigint, valid_to = :valid_to::bigint,
    is_active = :is_active::bigint, version = :version::bigint,
    updated_at = :updated_at::bigint
WHERE id = :id::bigint AND version + 1 = :version
-- postgres many body:
UPDATE tax_rates t SET country = k.country, region = k.region,
    postal_prefix = k.postal_prefix, tax_class = k.tax_class, layer = k.layer,
    name = k.name, rate_ppm = k.rate_ppm, kind = k.kind,
    is_compound = k.is_compound, is_reversed = k.is_reversed,
    reason = k.reason, valid_from = k.valid_from, valid_to = k.valid_to,
    is_active = k.is_active, version = k.version, updated_at = k.updated_at
FROM unnest(:country::text[], :region::text[], :postal_prefix::text[],
    :tax_class::text[], :layer::bigint[], :name::text[], :rate_ppm::bigint[],
    :kind::bigint[], :is_compound::bigint[], :is_reversed::bigint[],
    :reason::text[], :valid_from::bigint[], :valid_to::bigint[],
    :is_active::bigint[], :version::bigint[], :updated_at::bigint[],
    :id::bigint[])
    AS k(country, region, postal_prefix, tax_class, layer, name, rate_ppm,
    kind, is_compound, is_reversed, reason, valid_from, valid_to, is_active,
    version, updated_at, id)
WHERE t.id = k.id AND t.version + 1 = k.version

-- ---- verify ----

-- name: tax_verify_overlap
SELECT a.id FROM tax_rates a
JOIN tax_rates b ON b.country = a.country AND b.region = a.region
    AND b.postal_prefix = a.postal_prefix AND b.tax_class = a.tax_class
    AND b.layer = a.layer AND b.id > a.id
WHERE a.is_active = 1 AND b.is_active = 1 AND a.valid_from < b.valid_to
    AND b.valid_from < a.valid_to
ORDER BY a.id
