-- catalog.sql - products and SKUs.

-- ---- SKUs ----

-- name: sku_by_code
-- many
SELECT id, code, title, is_tracked, version, is_kit, is_drop
FROM skus
WHERE code = :code::text
-- postgres many body:
SELECT id, code, title, is_tracked, version, is_kit, is_drop
FROM skus
WHERE code = ANY(:code::text[])

-- name: sku_by_id
-- many
SELECT id, code, title, is_tracked, version, is_kit, is_drop
FROM skus
WHERE id = :id::bigint
-- postgres many body:
SELECT id, code, title, is_tracked, version, is_kit, is_drop
FROM skus
WHERE id = ANY(:id::bigint[])

-- name: sku_handling
-- many
SELECT id, barcode, attrs
FROM skus
WHERE id = :id::bigint
-- postgres many body:
SELECT id, barcode, attrs
FROM skus
WHERE id = ANY(:id::bigint[])

-- name: sku_tax
-- many
SELECT code, tax_class
FROM skus
WHERE code = :code::text
-- postgres many body:
SELECT code, tax_class
FROM skus
WHERE code = ANY(:code::text[])

-- name: sku_measure
-- many
SELECT id, code, title, barcode, hs_code, origin, weight_g, length_mm, width_mm, height_mm
FROM skus
WHERE id = :id::bigint
-- postgres many body:
SELECT id, code, title, barcode, hs_code, origin, weight_g, length_mm, width_mm, height_mm
FROM skus
WHERE id = ANY(:id::bigint[])

-- name: sku_add
-- many
INSERT INTO skus (id, bucket, code, product_id, title, barcode, is_tracked,
    weight_g, length_mm, width_mm, height_mm, hs_code, origin, attrs, version,
    created_at, tax_class)
VALUES (:id::bigint, :bucket::bigint, :code::text, :product_id::bigint,
    :title::text, :barcode::text, :is_tracked::bigint, :weight_g::bigint,
    :length_mm::bigint, :width_mm::bigint, :height_mm::bigint,
    :hs_code::text, :origin::text, :attrs::jsonb, 1, :created_at::bigint,
    :tax_class::text)
ON CONFLICT (code) DO NOTHING

-- name: sku_lock
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, '', s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
WHERE s.id = :id::bigint
-- postgres: FOR UPDATE

-- name: sku_row
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, p.code, s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
LEFT JOIN products p ON p.id = s.product_id
WHERE s.id = :id::bigint

-- name: sku_page
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, p.code, s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
LEFT JOIN products p ON p.id = s.product_id
WHERE s.id > :after::bigint
ORDER BY s.id
LIMIT :limit::bigint

-- What a search looks at, and no more.
-- name: sku_scan
SELECT id, code, title, barcode
FROM skus
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: sku_page_code
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, p.code, s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
LEFT JOIN products p ON p.id = s.product_id
WHERE s.code = :code::text AND s.id > :after::bigint
ORDER BY s.id
LIMIT :limit::bigint

-- name: sku_page_barcode
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, p.code, s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
LEFT JOIN products p ON p.id = s.product_id
WHERE s.barcode = :barcode::text AND s.id > :after::bigint
ORDER BY s.id
LIMIT :limit::bigint

-- name: sku_page_product
SELECT s.id, s.code, s.title, s.is_tracked, s.version, s.is_kit,
    s.product_id, p.code, s.barcode, s.weight_g, s.length_mm, s.width_mm, s.height_mm, s.hs_code,
    s.origin, s.attrs, s.created_at, s.tax_class
FROM skus s
LEFT JOIN products p ON p.id = s.product_id
WHERE s.product_id = :product_id::bigint AND s.id > :after::bigint
ORDER BY s.id
LIMIT :limit::bigint

-- The code never changes: the bucket hangs on it.
-- name: sku_save
UPDATE skus SET product_id = :product_id::bigint, title = :title::text,
    barcode = :barcode::text, is_tracked = :is_tracked::bigint,
    weight_g = :weight_g::bigint, length_mm = :length_mm::bigint,
    width_mm = :width_mm::bigint, height_mm = :height_mm::bigint,
    hs_code = :hs_code::text, origin = :origin::text, attrs = :attrs::jsonb,
    tax_class = :tax_class::text, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: sku_save_drop
UPDATE skus SET is_drop = 1
WHERE id = :id::bigint

-- ---- kits ----

-- The rows of all SKUs a kit is about, in order of id.
-- name: sku_lock_many
SELECT id, code, title, is_tracked, version, is_kit
FROM skus
WHERE id = :id::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, code, title, is_tracked, version, is_kit
FROM skus
WHERE id = ANY(:id::bigint[])
ORDER BY id
FOR UPDATE

-- name: sku_share_many
SELECT id, code, title, is_tracked, version, is_kit
FROM skus
WHERE id = :id::bigint
-- postgres: FOR SHARE
-- postgres many body:
SELECT id, code, title, is_tracked, version, is_kit
FROM skus
WHERE id = ANY(:id::bigint[])
ORDER BY id
FOR SHARE

-- name: sku_save_kit
UPDATE skus SET is_kit = :is_kit::bigint, is_tracked = :is_tracked::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: kit_part_list
SELECT p.kit_id, p.n, p.sku_id, s.code, p.quantity, s.is_drop
FROM kit_parts p
JOIN skus s ON s.id = p.sku_id
WHERE p.kit_id = :kit_id::bigint
-- postgres many body:
SELECT p.kit_id, p.n, p.sku_id, s.code, p.quantity, s.is_drop
FROM kit_parts p
JOIN skus s ON s.id = p.sku_id
WHERE p.kit_id = ANY(:kit_id::bigint[])

-- name: kit_part_of
SELECT kit_id FROM kit_parts WHERE sku_id = :sku_id::bigint LIMIT 1

-- name: kit_part_drop
DELETE FROM kit_parts WHERE kit_id = :kit_id::bigint

-- name: kit_part_add
-- many
INSERT INTO kit_parts (kit_id, n, sku_id, quantity)
VALUES (:kit_id::bigint, :n::bigint, :sku_id::bigint, :quantity::bigint)

-- ---- products ----

-- name: product_add
INSERT INTO products (id, code, title, attrs, version, created_at)
VALUES (:id::bigint, :code::text, :title::text, :attrs::jsonb, 1,
    :created_at::bigint)
ON CONFLICT (code) DO NOTHING

-- name: product_by_code
-- many
SELECT id, code, title, attrs, version, created_at
FROM products
WHERE code = :code::text
-- postgres many body:
SELECT id, code, title, attrs, version, created_at
FROM products
WHERE code = ANY(:code::text[])

-- name: product_row
SELECT id, code, title, attrs, version, created_at
FROM products
WHERE id = :id::bigint

-- name: product_lock
SELECT id, code, title, attrs, version, created_at
FROM products
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: product_page
SELECT id, code, title, attrs, version, created_at
FROM products
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: product_save
UPDATE products SET title = :title::text, attrs = :attrs::jsonb,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint
-- ---- verify ----

-- name: verify_kits
SELECT s.id, s.code FROM skus s
LEFT JOIN (SELECT kit_id, COUNT(n) AS parts FROM kit_parts GROUP BY kit_id) p
    ON p.kit_id = s.id
WHERE (s.is_kit = 1) <> (COALESCE(p.parts, 0) > 0)
    OR (s.is_kit = 1 AND s.is_tracked = 1)

-- name: verify_kit_parts
SELECT p.kit_id, k.code FROM kit_parts p
LEFT JOIN skus k ON k.id = p.kit_id
LEFT JOIN skus s ON s.id = p.sku_id
WHERE k.id IS NULL OR s.id IS NULL OR s.is_kit = 1 OR s.is_tracked = 0

-- name: verify_skus
SELECT id, bucket, code
FROM skus

-- name: sku_attrs
SELECT id, CAST(attrs ->> :key::text AS TEXT) FROM skus WHERE id = :id::bigint
-- postgres many body:
SELECT s.id, s.attrs ->> k.key
FROM unnest(:key::text[], :id::bigint[]) AS k(key, id)
JOIN skus s ON s.id = k.id
