-- shipping_erase.sql - what parcels say of people, taken out.

-- name: package_erase
UPDATE packages SET erased_at = :erased_at::bigint,
    updated_at = :erased_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
RETURNING id

-- name: label_erase
UPDATE labels SET zpl = NULL, pdf = NULL, error_text = ''
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: call_erase
UPDATE carrier_calls SET error = ''
WHERE bucket = :bucket::bigint AND subject_id IN (SELECT id FROM labels
    WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint)

-- name: trace_erase
UPDATE tracking_events SET raw = '', place = ''
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: job_item_erase
UPDATE label_job_items SET detail = ''
WHERE package_id = :package_id::bigint
    AND job_id IN (SELECT job_id FROM labels
        WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint
            AND job_id IS NOT NULL)
