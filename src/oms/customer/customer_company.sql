-- customer_company.sql - companies that buy, and their prices.

-- name: company_add
INSERT INTO companies (id, bucket, name, tax_id, currency, credit_limit,
    terms_days, approval_over, version, created_at, updated_at)
VALUES (:id::bigint, 0, :name::text, :tax_id::text, :currency::text,
    :credit_limit::bigint, :terms_days::bigint, :approval_over::bigint, 1,
    :now::bigint, :now::bigint)

-- name: company_save
UPDATE companies SET name = :name::text, tax_id = :tax_id::text,
    credit_limit = :credit_limit::bigint, terms_days = :terms_days::bigint,
    approval_over = :approval_over::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint

-- name: company_row
SELECT id, name, tax_id, currency, credit_limit, terms_days, approval_over,
    version, created_at, updated_at
FROM companies WHERE id = :id::bigint

-- name: company_lock_row
SELECT id, name, tax_id, currency, credit_limit, terms_days, approval_over,
    version, created_at, updated_at
FROM companies WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: company_page
SELECT id, name, tax_id, currency, credit_limit, terms_days, approval_over,
    version, created_at, updated_at
FROM companies WHERE id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: company_price_list
SELECT sku_code, unit_price FROM company_prices
WHERE company_id = :company_id::bigint ORDER BY sku_code

-- name: company_price_find
SELECT sku_code, unit_price FROM company_prices
WHERE company_id = :company_id::bigint AND sku_code = :sku_code::text
-- postgres many body:
SELECT p.sku_code, p.unit_price
FROM unnest(:company_id::bigint[], :sku_code::text[]) AS k(company_id, sku_code)
JOIN company_prices p ON p.company_id = k.company_id
    AND p.sku_code = k.sku_code

-- name: company_price_clear
DELETE FROM company_prices WHERE company_id = :company_id::bigint

-- name: company_price_add
-- many
INSERT INTO company_prices (company_id, sku_code, bucket, unit_price)
VALUES (:company_id::bigint, :sku_code::text, 0, :unit_price::bigint)

-- ---- verify ----

-- name: company_verify_prices
SELECT p.company_id FROM company_prices p
LEFT JOIN companies c ON c.id = p.company_id
WHERE c.id IS NULL
