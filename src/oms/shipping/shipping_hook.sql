-- shipping_hook.sql - what carriers told us: messages, and facts in them that no
-- parcel has taken yet.

-- name: hook_add
INSERT INTO carrier_hooks (id, bucket, account_id, hook_id, state, body,
    received_at)
VALUES (:id::bigint, 0, :account_id::bigint, :hook_id::text, 1, :body::text,
    :received_at::bigint)
ON CONFLICT DO NOTHING

-- name: hook_waiting
SELECT COUNT(*) FROM (SELECT 1 FROM carrier_hooks WHERE state = 1
    LIMIT :limit::bigint) AS waiting

-- name: hook_next
SELECT id FROM carrier_hooks WHERE state = 1 ORDER BY id LIMIT :limit::bigint

-- name: hook_lock
SELECT account_id, body, received_at FROM carrier_hooks
WHERE id = :id::bigint AND state = 1
-- postgres: FOR UPDATE

-- name: hook_done
UPDATE carrier_hooks SET state = :state::bigint, body = ''
WHERE id = :id::bigint

-- name: hook_drop
DELETE FROM carrier_hooks WHERE id IN (SELECT id FROM carrier_hooks
    WHERE id < :before::bigint AND state <> 1 ORDER BY id LIMIT 1000)

-- name: fact_add
-- many
INSERT INTO carrier_facts (id, bucket, account_id, tracking, code, raw, place,
    event_key, occurred_at, received_at, tries, next_at, error)
VALUES (:id::bigint, 0, :account_id::bigint, :tracking::text, :code::bigint,
    :raw::text, :place::text, :event_key::text, :occurred_at::bigint,
    :received_at::bigint, 0, 0, '')

-- name: fact_due
SELECT DISTINCT account_id, tracking FROM carrier_facts
WHERE next_at <= :now::bigint
LIMIT :limit::bigint

-- name: fact_next_at
SELECT MIN(next_at) FROM carrier_facts

-- name: fact_list
SELECT id, code, raw, place, event_key, occurred_at, tries FROM carrier_facts
WHERE account_id = :account_id::bigint AND tracking = :tracking::text
    AND error = ''
ORDER BY id
LIMIT :limit::bigint

-- name: fact_drop
-- many
DELETE FROM carrier_facts WHERE id = :id::bigint
-- postgres many body:
DELETE FROM carrier_facts WHERE id = ANY(:id::bigint[])

-- name: fact_wait
UPDATE carrier_facts SET tries = :tries::bigint, next_at = :next_at::bigint
WHERE account_id = :account_id::bigint AND tracking = :tracking::text
    AND error = ''

-- name: fact_wake
UPDATE carrier_facts SET next_at = 0
WHERE account_id = :account_id::bigint AND tracking = :tracking::text
    AND error = ''

-- name: fact_refuse
UPDATE carrier_facts SET next_at = 9223372036854775807, error = :error::text,
    raw = '', place = ''
WHERE account_id = :account_id::bigint AND tracking = :tracking::text
    AND error = ''

-- name: fact_expire
DELETE FROM carrier_facts WHERE id IN (SELECT id FROM carrier_facts
    WHERE id < :before::bigint ORDER BY id LIMIT 1000)

-- name: fact_count
SELECT COUNT(*) FROM (SELECT 1 FROM carrier_facts
    WHERE account_id = :account_id::bigint LIMIT :limit::bigint) AS parked

-- The oldest, first of those that no parcel took.
-- name: fact_surplus
DELETE FROM carrier_facts WHERE id IN (SELECT id FROM carrier_facts
    WHERE account_id = :account_id::bigint
    ORDER BY CASE WHEN tries > 0 OR error <> '' THEN 0 ELSE 1 END, id
    LIMIT 1000)
