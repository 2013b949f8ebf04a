-- customer.sql - customers, their keys and what is kept about them.

-- name: customer_key_find
SELECT kind, source, value, customer_id, n, shown FROM customer_keys
WHERE kind = :kind::bigint AND source = :source::text AND value = :value::text
-- postgres many body:
SELECT k.kind, k.source, k.value, k.customer_id, k.n, k.shown
FROM unnest(:kind::bigint[], :source::text[], :value::text[])
    AS f(kind, source, value)
JOIN customer_keys k ON k.kind = f.kind AND k.source = f.source
    AND k.value = f.value

-- name: customer_key_add
-- many
INSERT INTO customer_keys (kind, source, value, customer_id, n, shown)
VALUES (:kind::bigint, :source::text, :value::text, :customer_id::bigint,
    :n::bigint, :shown::text)
ON CONFLICT DO NOTHING

-- name: customer_lock
SELECT id, name, language, attrs, tags, merged_into, erased_at, version,
    created_at, updated_at
FROM customers WHERE id = :id::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, name, language, attrs, tags, merged_into, erased_at, version,
    created_at, updated_at
FROM customers WHERE id = ANY(:id::bigint[])
ORDER BY id FOR UPDATE

-- name: customer_key_last
SELECT customer_id, MAX(n)::bigint, COUNT(n) FROM customer_keys
WHERE customer_id = :id::bigint GROUP BY customer_id
-- postgres many body:
SELECT customer_id, MAX(n)::bigint, COUNT(n) FROM customer_keys
WHERE customer_id = ANY(:id::bigint[]) GROUP BY customer_id

-- name: customer_add
-- many
INSERT INTO customers (id, name, language, attrs, tags, merged_into,
    erased_at, version, created_at, updated_at)
VALUES (:id::bigint, :name::text, :language::text, :attrs::jsonb,
    :tags::jsonb, NULL, NULL, :version::bigint, :created_at::bigint,
    :updated_at::bigint)

-- name: customer_touch
-- later
UPDATE customers SET name = :name::text, version = :version::bigint,
    updated_at = :updated_at::bigint
WHERE id = :id::bigint
-- postgres many body:
UPDATE customers c SET name = u.name, version = u.version,
    updated_at = u.updated_at
FROM unnest(:name::text[], :version::bigint[], :updated_at::bigint[],
    :id::bigint[]) AS u(name, version, updated_at, id)
WHERE c.id = u.id

-- name: customer_double_add
-- later
-- many
INSERT INTO customer_doubles (customer_id, other_id, at)
VALUES (:customer_id::bigint, :other_id::bigint, :at::bigint)
ON CONFLICT DO NOTHING

-- ---- verify ----

-- A customer who lives on in another, or is erased, has no keys.
-- name: verify_customer_keys
SELECT DISTINCT c.id
FROM customers c
JOIN customer_keys k ON k.customer_id = c.id
WHERE c.merged_into IS NOT NULL OR c.erased_at IS NOT NULL

-- name: verify_customer_merged
SELECT c.id
FROM customers c
JOIN customers w ON w.id = c.merged_into
WHERE w.merged_into IS NOT NULL

-- name: verify_customer_links
SELECT o.order_id
FROM customer_orders o
LEFT JOIN customers c ON c.id = o.customer_id AND c.merged_into IS NULL
WHERE c.id IS NULL

-- name: verify_customer_values
SELECT COALESCE(t.customer_id, v.customer_id)
FROM (SELECT customer_id, currency, SUM(is_counted)::bigint AS orders,
        SUM(is_counted * total_minor)::bigint AS total,
        MAX(placed_at)::bigint AS last_at
    FROM customer_orders GROUP BY customer_id, currency) t
FULL JOIN customer_values v
    ON v.customer_id = t.customer_id AND v.currency = t.currency
WHERE COALESCE(t.orders, -1) <> COALESCE(v.orders, -1)
    OR COALESCE(t.total, -1) <> COALESCE(v.total_minor, -1)
    OR COALESCE(t.last_at, -1) <> COALESCE(v.last_at, -1)
