-- tax_engine.sql - who computes the taxes of channels.

-- name: tax_engine_get
SELECT url, secret, on_failure, timeout_ms, is_active, version, created_at,
    updated_at
FROM tax_engines WHERE channel_id = :channel_id::bigint

-- name: tax_engine_add
INSERT INTO tax_engines (channel_id, url, secret, on_failure, timeout_ms,
    is_active, version, created_at, updated_at)
VALUES (:channel_id::bigint, :url::text, :secret::text, :on_failure::bigint,
    :timeout_ms::bigint, :is_active::bigint, 1, :now::bigint, :now::bigint)
ON CONFLICT (channel_id) DO NOTHING

-- name: tax_engine_save
UPDATE tax_engines SET url = :url::text, secret = :secret::text,
    on_failure = :on_failure::bigint, timeout_ms = :timeout_ms::bigint,
    is_active = :is_active::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE channel_id = :channel_id::bigint AND version = :version::bigint
