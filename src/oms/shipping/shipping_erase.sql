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

-- name: orphan_erase
UPDATE orphan_labels SET error = ''
WHERE bucket = :bucket::bigint AND package_id = :package_id::bigint

-- name: orphan_call_erase
UPDATE carrier_calls SET error = ''
WHERE bucket = :bucket::bigint AND subject_id IN (SELECT id FROM orphan_labels
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

-- What carriers said when they refused its manifest, or to come where it stood:
-- that may name him.
-- name: manifest_erase
UPDATE manifests SET error = ''
WHERE error <> '' AND id IN (SELECT manifest_id FROM packages
    WHERE bucket = :bucket::bigint AND id = :package_id::bigint)

-- name: manifest_call_erase
UPDATE carrier_calls SET error = ''
WHERE subject_id IN (SELECT manifest_id FROM packages
    WHERE bucket = :bucket::bigint AND id = :package_id::bigint)

-- name: pickup_erase
UPDATE carrier_pickups SET error = ''
WHERE error <> '' AND id IN (SELECT c.id
    FROM packages p
    JOIN carrier_pickups c ON c.account_id = p.account_id
        AND c.location_id = p.location_id
    WHERE p.bucket = :bucket::bigint AND p.id = :package_id::bigint)
RETURNING id

-- name: pickup_call_erase
UPDATE carrier_calls SET error = '' WHERE subject_id = :id::bigint

-- name: manifest_has_erased
SELECT COUNT(*) FROM (SELECT 1 FROM packages
    WHERE manifest_id = :manifest_id::bigint AND erased_at IS NOT NULL
    LIMIT 1) AS erased
