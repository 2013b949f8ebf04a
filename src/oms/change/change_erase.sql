-- change_erase.sql - a person's traces in rooms that know no customers.

-- name: erase_holds
UPDATE holds SET customer = NULL WHERE customer = :text::text

-- name: erase_changes
UPDATE order_change_actions
SET doc = json_set(doc, '$.add.attrs', json('{}'))
WHERE type = 3 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint)
-- postgres body:
UPDATE order_change_actions
SET doc = jsonb_set(doc, '{add,attrs}', '{}')
WHERE type = 3 AND change_id IN (
    SELECT id FROM order_changes WHERE order_id = :order_id::bigint)

-- name: erase_tasks
UPDATE tasks SET note = '' WHERE order_id = :order_id::bigint

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
