-- change_erase.sql - a person's traces in rooms that know no customers.

-- name: erase_holds
UPDATE holds SET customer = NULL WHERE customer = :text::text

-- The country stays, as in orders.
-- name: erase_change_ways
UPDATE order_changes SET was = CASE
    WHEN was ->> 'shipping_address' IS NULL THEN was
    ELSE json_set(was, '$.shipping_address', json_object('country',
        was -> 'shipping_address' ->> 'country')) END
WHERE order_id = :order_id::bigint AND was IS NOT NULL
-- postgres body:
UPDATE order_changes SET was = CASE
    WHEN was ->> 'shipping_address' IS NULL THEN was
    ELSE was || jsonb_build_object('shipping_address',
        jsonb_build_object('country',
            was -> 'shipping_address' ->> 'country')) END
WHERE order_id = :order_id::bigint AND was IS NOT NULL

-- name: erase_change_addresses
UPDATE order_change_actions
SET doc = json_set(doc, '$.shipping_address', json_object('country',
    doc -> 'shipping_address' ->> 'country'))
WHERE type = 8 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint)
-- postgres body:
UPDATE order_change_actions
SET doc = doc || jsonb_build_object('shipping_address',
    jsonb_build_object('country', doc -> 'shipping_address' ->> 'country'))
WHERE type = 8 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint)

-- name: erase_changes
UPDATE order_change_actions
SET doc = json_set(doc, '$.add.attrs', json('{}'))
WHERE type = 3 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint
    UNION ALL
    SELECT id FROM exchanges WHERE order_id = :order_id::bigint)
-- postgres body:
UPDATE order_change_actions
SET doc = jsonb_set(doc, '{add,attrs}', '{}')
WHERE type = 3 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint
    UNION ALL
    SELECT id FROM exchanges WHERE order_id = :order_id::bigint)

-- name: erase_order_holds
UPDATE order_holds SET note = NULL
WHERE order_id = :order_id::bigint AND note IS NOT NULL

-- name: erase_order_notes
UPDATE order_notes SET text = ''
WHERE order_id = :order_id::bigint AND text <> ''

-- name: erase_score_keys
DELETE FROM order_score_keys WHERE order_id = :order_id::bigint

-- name: erase_tasks
UPDATE tasks SET note = '' WHERE order_id = :order_id::bigint

-- name: erase_order_jobs
UPDATE order_job_items SET detail = '' WHERE order_id = :order_id::bigint

-- name: erase_returns
UPDATE returns SET note = NULL, why = NULL WHERE order_id = :order_id::bigint

-- name: erase_return_lines
UPDATE return_lines SET note = NULL, photo = NULL
WHERE return_id IN (SELECT id FROM returns WHERE order_id = :order_id::bigint)

-- name: erase_credit_notes
UPDATE credit_notes SET doc = json_set(doc, '$.customer', '')
WHERE doc ->> 'customer' = :text::text
-- postgres body:
UPDATE credit_notes SET doc = doc || '{"customer": ""}'
WHERE doc ->> 'customer' = :text::text
