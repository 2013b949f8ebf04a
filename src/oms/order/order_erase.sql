-- order_erase.sql - what orders say of people, taken out.

-- name: order_open_list
SELECT id FROM orders
WHERE bucket = :bucket::bigint AND id = :id::bigint AND status IN (2, 3)
-- postgres many body:
SELECT o.id
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id
WHERE o.status IN (2, 3)

-- name: order_doc_erase
UPDATE orders SET version = version + 1, updated_at = :updated_at::bigint,
    history_buyer = NULL,
    doc = json_set(doc, '$.customer', NULL, '$.note', NULL, '$.raw', NULL,
        '$.attrs', json('{}'),
        '$.shipping_address',
            json(CASE WHEN doc -> 'shipping_address' ->> 'country' IS NULL
                THEN NULL
                ELSE json_object('country',
                    doc -> 'shipping_address' ->> 'country') END),
        '$.billing_address',
            json(CASE WHEN doc -> 'billing_address' ->> 'country' IS NULL
                THEN NULL
                ELSE json_object('country',
                    doc -> 'billing_address' ->> 'country') END))
WHERE bucket = :bucket::bigint AND id = :id::bigint
RETURNING version
-- postgres body:
UPDATE orders SET version = version + 1, updated_at = :updated_at::bigint,
    history_buyer = NULL,
    doc = doc || '{"customer": null, "note": null, "raw": null, "attrs": {}}'
        || jsonb_build_object(
            'shipping_address',
                CASE WHEN doc -> 'shipping_address' ->> 'country' IS NULL
                THEN NULL ELSE jsonb_build_object('country',
                    doc -> 'shipping_address' ->> 'country') END,
            'billing_address',
                CASE WHEN doc -> 'billing_address' ->> 'country' IS NULL
                THEN NULL ELSE jsonb_build_object('country',
                    doc -> 'billing_address' ->> 'country') END)
WHERE bucket = :bucket::bigint AND id = :id::bigint
RETURNING version

-- name: order_line_doc_erase
-- later
UPDATE order_lines SET doc = json_set(doc, '$.attrs', json('{}'))
WHERE bucket = :bucket::bigint AND order_id = :id::bigint
-- postgres body:
UPDATE order_lines SET doc = doc || '{"attrs": {}}'
WHERE bucket = :bucket::bigint AND order_id = :id::bigint

-- name: order_list_erase
-- later
UPDATE order_list SET customer = '' WHERE order_id = :id::bigint
