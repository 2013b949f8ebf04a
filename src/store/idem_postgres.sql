-- Idempotency keys on PostgreSQL: four partitions, one per day, in a ring.
-- LIMIT inside LATERAL keeps the planner to one look-up per key.

-- name: idem_pg_find
-- hot
-- only: postgres
SELECT key_hash, key_check, body_hash, status, reply FROM idem_keys
WHERE bucket = :bucket::bigint AND slot = :slot::bigint AND day = :day::bigint
  AND key_hash = :key_hash::bigint AND key_check = :key_check::bigint
-- postgres many body:
SELECT k.key_hash, k.key_check, k.body_hash, k.status, k.reply
FROM unnest(:bucket::bigint[], :slot::bigint[], :day::bigint[],
    :key_hash::bigint[], :key_check::bigint[])
    AS u(bucket, slot, day, key_hash, key_check)
CROSS JOIN LATERAL (
    SELECT i.key_hash, i.key_check, i.body_hash, i.status, i.reply
    FROM idem_keys i
    WHERE i.bucket = u.bucket AND i.slot = u.slot AND i.day = u.day
      AND i.key_hash = u.key_hash AND i.key_check = u.key_check
    LIMIT 1) AS k

-- name: idem_pg_insert
-- hot
-- only: postgres
-- many
INSERT INTO idem_keys (bucket, slot, day, key_hash, key_check, body_hash, status, reply)
VALUES (:bucket::bigint, :slot::bigint, :day::bigint, :key_hash::bigint,
    :key_check::bigint, :body_hash::bigint, :status::bigint, :reply::text)
ON CONFLICT DO NOTHING

-- name: idem_pg_used
-- only: postgres
SELECT day FROM idem_keys WHERE slot = :slot::bigint LIMIT 1

-- name: idem_pg_empty_0
-- only: postgres
TRUNCATE idem_keys_0

-- name: idem_pg_empty_1
-- only: postgres
TRUNCATE idem_keys_1

-- name: idem_pg_empty_2
-- only: postgres
TRUNCATE idem_keys_2

-- name: idem_pg_empty_3
-- only: postgres
TRUNCATE idem_keys_3
