-- order_people.sql - whom orders name, and orders by customer.

-- name: order_contact_list
-- hot
SELECT id, channel_id, status, external_id, number, currency, total_minor,
    placed_at, doc -> 'customer', doc -> 'shipping_address',
    doc -> 'billing_address'
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres many body:
SELECT o.id, o.channel_id, o.status, o.external_id, o.number, o.currency,
    o.total_minor, o.placed_at, o.doc -> 'customer',
    o.doc -> 'shipping_address', o.doc -> 'billing_address'
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id

-- name: order_list_customer
SELECT l.order_id, l.channel_id, l.status, l.external_id, l.number,
    l.customer, l.units, l.line_count, l.backordered, l.currency,
    l.total_minor, l.placed_at, l.version, l.payment
FROM customer_orders c
JOIN order_list l ON l.order_id = c.order_id
WHERE c.customer_id = :customer_id::bigint AND c.order_id < :before::bigint
ORDER BY c.order_id DESC LIMIT :limit::bigint

-- Orders that name somebody and belong to nobody, or to nobody's account.
-- name: order_verify_people
SELECT c.order_id FROM customer_orders c
LEFT JOIN orders o ON o.id = c.order_id AND o.total_minor = c.total_minor
    AND o.currency = c.currency AND o.placed_at = c.placed_at
    AND (o.status IN (5, 6, 7)) = (c.is_counted = 0)
WHERE o.id IS NULL
ORDER BY c.order_id
