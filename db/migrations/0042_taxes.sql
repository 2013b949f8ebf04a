-- What is taxed at which rate where; the class of a SKU that says so.

-- step: tax_rates
CREATE TABLE IF NOT EXISTS tax_rates (
    id BIGINT PRIMARY KEY,
    country TEXT NOT NULL CHECK (length(country) = 2),
    region TEXT NOT NULL,
    postal_prefix TEXT NOT NULL,
    tax_class TEXT NOT NULL CHECK (length(tax_class) > 0),
    layer BIGINT NOT NULL CHECK (layer BETWEEN 1 AND 8),
    name TEXT NOT NULL,
    rate_ppm BIGINT NOT NULL CHECK (rate_ppm >= 0),
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    is_compound BIGINT NOT NULL CHECK (is_compound IN (0, 1)),
    is_reversed BIGINT NOT NULL CHECK (is_reversed IN (0, 1)),
    reason TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (valid_from < valid_to)
) -- sqlite: STRICT

-- step: tax_rates_key
CREATE UNIQUE INDEX IF NOT EXISTS tax_rates_key ON tax_rates (country, region, postal_prefix, tax_class, layer, valid_from)

-- NULL: standard.
-- step: skus_tax_class
-- only: sqlite
ALTER TABLE skus ADD COLUMN tax_class TEXT

-- step: skus_tax_class
-- only: postgres
ALTER TABLE skus ADD COLUMN IF NOT EXISTS tax_class TEXT
