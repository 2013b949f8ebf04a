-- payment_call.sql - what gateways are asked.

-- name: payment_call_add
INSERT INTO payment_calls (id, bucket, payment_id, account_id, type, amount,
    step, state, epoch, tries, lookups, next_at, asked_at, owner, lease_until,
    error, created_at, updated_at, renews)
VALUES (:id::bigint, :bucket::bigint, :payment_id::bigint,
    :account_id::bigint, :type::bigint, :amount::bigint, :step::text, 1,
    :epoch::text, 0, 0, :created_at::bigint, 0, 0, 0, '', :created_at::bigint,
    :created_at::bigint, :renews::bigint)

-- name: payment_call_save
UPDATE payment_calls SET state = :state::bigint, epoch = :epoch::text,
    tries = :tries::bigint, lookups = :lookups::bigint,
    next_at = :next_at::bigint, asked_at = :asked_at::bigint,
    owner = :owner::bigint, lease_until = :lease_until::bigint,
    error = :error::text, updated_at = :updated_at::bigint,
    transaction_n = :transaction_n::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: payment_call_row
SELECT id, payment_id, account_id, type, amount, step, state, epoch, tries,
    lookups, next_at, asked_at, owner, lease_until, error, created_at,
    updated_at, renews, overtaken, transaction_n
FROM payment_calls
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: payment_call_lock
SELECT id, payment_id, account_id, type, amount, step, state, epoch, tries,
    lookups, next_at, asked_at, owner, lease_until, error, created_at,
    updated_at, renews, overtaken, transaction_n
FROM payment_calls
WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE

-- All that may still be done for a payment.
-- name: payment_call_overtake
UPDATE payment_calls SET overtaken = 1
WHERE payment_id = :payment_id::bigint AND state IN (1, 2, 3, 4, 7)

-- name: payment_call_list
SELECT id, payment_id, account_id, type, amount, step, state, epoch, tries,
    lookups, next_at, asked_at, owner, lease_until, error, created_at,
    updated_at, renews, overtaken, transaction_n
FROM payment_calls
WHERE payment_id = :payment_id::bigint
ORDER BY id

-- Of a payment one after another.
-- name: payment_call_due
SELECT id, payment_id, account_id, type, amount, step, state, epoch, tries,
    lookups, next_at, asked_at, owner, lease_until, error, created_at,
    updated_at, renews, overtaken, transaction_n
FROM payment_calls c
WHERE state IN (1, 2, 3, 4) AND next_at <= :now::bigint
    AND account_id NOT IN (:busy_1::bigint, :busy_2::bigint, :busy_3::bigint,
        :busy_4::bigint)
    AND NOT EXISTS (SELECT 1 FROM payment_calls f
        WHERE f.payment_id = c.payment_id AND f.id < c.id
            AND f.state IN (1, 2, 3, 4))
ORDER BY next_at
LIMIT :limit::bigint
-- postgres: FOR UPDATE SKIP LOCKED

-- name: payment_call_next_at
SELECT MIN(next_at) FROM payment_calls c
WHERE state IN (1, 2, 3, 4)
    AND account_id NOT IN (:busy_1::bigint, :busy_2::bigint, :busy_3::bigint,
        :busy_4::bigint)
    AND NOT EXISTS (SELECT 1 FROM payment_calls f
        WHERE f.payment_id = c.payment_id AND f.id < c.id
            AND f.state IN (1, 2, 3, 4))

-- Those under way are due at once.
-- name: payment_call_release_own
UPDATE payment_calls SET next_at = 0, lease_until = 0
WHERE state IN (2, 4) AND owner = :owner::bigint

-- name: payment_call_release_others
UPDATE payment_calls SET next_at = 0, lease_until = 0
WHERE state IN (2, 4) AND owner <> :owner::bigint

-- ---- verify ----

-- name: payment_verify_called
SELECT id FROM payment_intents WHERE account_id IS NOT NULL ORDER BY id

-- name: payment_verify_call_stray
SELECT c.payment_id FROM payment_calls c
WHERE NOT EXISTS (SELECT 1 FROM payment_intents p WHERE p.id = c.payment_id)
