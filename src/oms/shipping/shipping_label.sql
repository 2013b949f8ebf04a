-- shipping_label.sql - labels, and what carriers are asked.

-- columns: call
id, op, subject_id, account_id, state, epoch, tries, lookups, next_at,
asked_at, owner, lease_until, error, created_at

-- name: label_add
INSERT INTO labels (id, bucket, package_id, account_id, service, state,
    tracking, carrier_ref, error_field, error_text, is_voiding_package, job_id,
    created_at, updated_at, is_first)
VALUES (:id::bigint, :bucket::bigint, :package_id::bigint,
    :account_id::bigint, :service::text, :state::bigint, :tracking::text, '',
    '', '', 0, :job_id::bigint, :created_at::bigint, :created_at::bigint,
    :is_first::bigint)

-- name: label_any
SELECT id FROM labels
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint
LIMIT 1

-- name: label_save
UPDATE labels SET state = :state::bigint, tracking = :tracking::text,
    carrier_ref = :carrier_ref::text, currency = :currency::text,
    cost_minor = :cost_minor::bigint, zpl = :zpl::text, pdf = :pdf::text,
    error_field = :error_field::text, error_text = :error_text::text,
    is_voiding_package = :is_voiding_package::bigint,
    updated_at = :updated_at::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: label_row
SELECT id, package_id, account_id, service, state, tracking, carrier_ref,
    currency, cost_minor, zpl, pdf, error_field, error_text,
    is_voiding_package, job_id, created_at, updated_at, is_first
FROM labels
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: call_add
INSERT INTO carrier_calls (id, bucket, op, subject_id, account_id, state,
    epoch, tries, lookups, next_at, asked_at, owner, lease_until, error,
    created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :op::bigint, :subject_id::bigint,
    :account_id::bigint, 1, :epoch::text, 0, 0, :next_at::bigint, 0, 0, 0, '',
    :created_at::bigint, :created_at::bigint)

-- name: call_save
UPDATE carrier_calls SET state = :state::bigint, epoch = :epoch::text,
    tries = :tries::bigint, lookups = :lookups::bigint,
    next_at = :next_at::bigint, asked_at = :asked_at::bigint,
    owner = :owner::bigint, lease_until = :lease_until::bigint,
    error = :error::text, updated_at = :updated_at::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: call_lock
SELECT {call}
FROM carrier_calls
WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres: FOR UPDATE

-- name: call_last
SELECT {call}
FROM carrier_calls
WHERE subject_id = :subject_id::bigint
ORDER BY id DESC
LIMIT 1

-- Questions (rate, look-up, track) are counted apart: see call_task.lane.
-- name: call_due
SELECT {call}
FROM carrier_calls
WHERE state IN (1, 2, 3, 4) AND next_at <= :now::bigint
    AND CASE WHEN op IN (1, 4, 5) THEN -account_id ELSE account_id END
        NOT IN (:busy_1::bigint, :busy_2::bigint, :busy_3::bigint,
        :busy_4::bigint)
ORDER BY next_at
LIMIT :limit::bigint
-- postgres: FOR UPDATE SKIP LOCKED

-- name: call_next_at
SELECT MIN(next_at) FROM carrier_calls
WHERE state IN (1, 2, 3, 4)
    AND CASE WHEN op IN (1, 4, 5) THEN -account_id ELSE account_id END
        NOT IN (:busy_1::bigint, :busy_2::bigint, :busy_3::bigint,
        :busy_4::bigint)

-- Those under way are due at once.
-- name: call_release_own
UPDATE carrier_calls SET next_at = 0, lease_until = 0
WHERE state IN (2, 4) AND owner = :owner::bigint

-- name: call_release_others
UPDATE carrier_calls SET next_at = 0, lease_until = 0
WHERE state IN (2, 4) AND owner <> :owner::bigint
