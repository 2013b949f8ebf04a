-- channel.sql - channels and the numbers of their orders.

-- name: channel_by_code
-- many
SELECT id, code, name, type, brand, currency, tz, tax_mode, rounding,
    stock_policy, number_prefix, is_active, attrs, version, created_at,
    payment_release, taxes, tax_round, tax_country, tax_region, tax_postal_code,
    payment_capture
FROM channels
WHERE code = :code::text
-- postgres many body:
SELECT id, code, name, type, brand, currency, tz, tax_mode, rounding,
    stock_policy, number_prefix, is_active, attrs, version, created_at,
    payment_release, taxes, tax_round, tax_country, tax_region, tax_postal_code,
    payment_capture
FROM channels
WHERE code = ANY(:code::text[])

-- name: channel_row
SELECT id, code, name, type, brand, currency, tz, tax_mode, rounding,
    stock_policy, number_prefix, is_active, attrs, version, created_at,
    payment_release, taxes, tax_round, tax_country, tax_region, tax_postal_code,
    payment_capture
FROM channels
WHERE id = :id::bigint

-- name: channel_lock
SELECT id, code, name, type, brand, currency, tz, tax_mode, rounding,
    stock_policy, number_prefix, is_active, attrs, version, created_at,
    payment_release, taxes, tax_round, tax_country, tax_region, tax_postal_code,
    payment_capture
FROM channels
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: channel_page
SELECT id, code, name, type, brand, currency, tz, tax_mode, rounding,
    stock_policy, number_prefix, is_active, attrs, version, created_at,
    payment_release, taxes, tax_round, tax_country, tax_region, tax_postal_code,
    payment_capture
FROM channels
WHERE id > :after::bigint
    AND (:code::text = '' OR code = :code::text)
    AND (:type::bigint = 0 OR type = :type::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: channel_add
INSERT INTO channels (id, code, name, type, brand, currency, tz, tax_mode,
    rounding, stock_policy, number_prefix, is_active, attrs, version,
    created_at, payment_release, taxes, tax_round, tax_country, tax_region,
    tax_postal_code, payment_capture)
VALUES (:id::bigint, :code::text, :name::text, :type::bigint, :brand::text,
    :currency::text, :tz::text, :tax_mode::bigint, :rounding::bigint,
    :stock_policy::bigint, :number_prefix::text, :is_active::bigint,
    :attrs::jsonb, 1, :created_at::bigint, :payment_release::bigint,
    :taxes::bigint, :tax_round::bigint, :tax_country::text, :tax_region::text,
    :tax_postal_code::text, :payment_capture::bigint)
ON CONFLICT (code) DO NOTHING

-- The code never changes: the bucket of every order hangs on it. The currency
-- never changes: orders are in it.
-- name: channel_save
UPDATE channels SET name = :name::text, type = :type::bigint,
    brand = :brand::text, tz = :tz::text, tax_mode = :tax_mode::bigint,
    rounding = :rounding::bigint, stock_policy = :stock_policy::bigint,
    number_prefix = :number_prefix::text, is_active = :is_active::bigint,
    attrs = :attrs::jsonb, payment_release = :payment_release::bigint,
    taxes = :taxes::bigint, tax_round = :tax_round::bigint,
    tax_country = :tax_country::text, tax_region = :tax_region::text,
    tax_postal_code = :tax_postal_code::text,
    payment_capture = :payment_capture::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- What others keep in memory of channels' brands is made anew.
-- name: channel_stamp
INSERT INTO routing_stamps (id, stamp) VALUES (1, :stamp::bigint)
ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp

-- name: channel_numbers_open
INSERT INTO channel_numbers (channel_id, next)
VALUES (:channel_id::bigint, 1)

-- name: channel_numbers_take
UPDATE channel_numbers SET next = next + :count::bigint
WHERE channel_id = :channel_id::bigint
RETURNING next
-- ---- verify ----

-- name: verify_channel_numbers
SELECT c.id
FROM channels c
LEFT JOIN channel_numbers n ON n.channel_id = c.id
WHERE n.next IS NULL
