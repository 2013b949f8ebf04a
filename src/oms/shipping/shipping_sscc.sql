-- shipping_sscc.sql - serial numbers of company prefixes.

-- name: sscc_lock
SELECT next, epoch FROM sscc_counters WHERE prefix = :prefix::text
-- postgres: FOR UPDATE

-- name: sscc_add
INSERT INTO sscc_counters (prefix, next, epoch)
VALUES (:prefix::text, 0, :epoch::text)
ON CONFLICT (prefix) DO NOTHING

-- name: sscc_save
UPDATE sscc_counters SET next = :next::bigint, epoch = :epoch::text
WHERE prefix = :prefix::text
