-- shipping_shop.sql - labels that wait for their carriers' prices.

-- name: wish_add
INSERT INTO label_wishes (label_id, bucket, account, service, mode, until)
VALUES (:label_id::bigint, :bucket::bigint, :account::text, :service::text,
    :mode::bigint, :until::bigint)

-- name: wish_row
SELECT account, service, mode FROM label_wishes
WHERE label_id = :label_id::bigint

-- name: wish_due
SELECT label_id FROM label_wishes
WHERE until <= :now::bigint
ORDER BY until
LIMIT :limit::bigint

-- name: wish_next_at
SELECT MIN(until) FROM label_wishes

-- name: wish_wait
UPDATE label_wishes SET until = :until::bigint
WHERE label_id = :label_id::bigint

-- name: wish_drop
DELETE FROM label_wishes WHERE label_id = :label_id::bigint

-- name: wish_open
SELECT id FROM carrier_calls
WHERE subject_id = :label_id::bigint AND op = 1 AND state IN (1, 2, 3, 4)
LIMIT 1

-- name: live_rate_add
-- many
INSERT INTO label_rates (label_id, bucket, account_id, service, currency,
    price_minor, days)
VALUES (:label_id::bigint, :bucket::bigint, :account_id::bigint,
    :service::text, :currency::text, :price_minor::bigint, :days::bigint)
ON CONFLICT (label_id, account_id, service) DO NOTHING

-- name: live_rate_list
SELECT account_id, service, currency, price_minor, days FROM label_rates
WHERE label_id = :label_id::bigint

-- name: live_rate_drop
DELETE FROM label_rates WHERE label_id = :label_id::bigint

-- name: label_choose
UPDATE labels SET account_id = :account_id::bigint, service = :service::text,
    updated_at = :updated_at::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint
