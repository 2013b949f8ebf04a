-- change_erase.sql - a person's traces in rooms that know no customers.

-- name: erase_holds
UPDATE holds SET customer = NULL WHERE customer = :text::text

-- name: erase_tasks
UPDATE tasks SET note = '' WHERE order_id = :order_id::bigint

-- name: erase_credit_notes
UPDATE credit_notes SET doc = json_set(doc, '$.customer', '')
WHERE doc ->> 'customer' = :text::text
-- postgres body:
UPDATE credit_notes SET doc = doc || '{"customer": ""}'
WHERE doc ->> 'customer' = :text::text
