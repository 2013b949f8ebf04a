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

-- name: customer_get
SELECT id, name, language, attrs, tags, merged_into, erased_at, version,
    created_at, updated_at
FROM customers WHERE id = :id::bigint

-- name: customer_page
SELECT id, name, language, attrs, tags, merged_into, erased_at, version,
    created_at, updated_at
FROM customers WHERE id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: customer_page_key
SELECT c.id, c.name, c.language, c.attrs, c.tags, c.merged_into, c.erased_at,
    c.version, c.created_at, c.updated_at
FROM customer_keys k
JOIN customers c ON c.id = k.customer_id
WHERE k.kind = :kind::bigint AND k.source = :source::text
    AND k.value = :value::text AND c.id < :before::bigint

-- name: customer_save
UPDATE customers SET name = :name::text, language = :language::text,
    attrs = :attrs::jsonb, tags = :tags::jsonb,
    merged_into = :merged_into::bigint, erased_at = :erased_at::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: customer_key_list
SELECT kind, source, value, customer_id, n, shown FROM customer_keys
WHERE customer_id = :id::bigint ORDER BY n, kind, source, value

-- name: customer_key_remove
-- later
DELETE FROM customer_keys
WHERE kind = :kind::bigint AND source = :source::text AND value = :value::text
    AND customer_id = :customer_id::bigint

-- name: customer_key_move
UPDATE customer_keys SET customer_id = :to::bigint, n = n + :shift::bigint
WHERE customer_id = :from::bigint

-- ---- addresses, consents, notes ----

-- name: customer_address_list
SELECT n, is_shipping, is_billing, doc FROM customer_addresses
WHERE customer_id = :id::bigint ORDER BY n

-- name: customer_address_clear
-- later
DELETE FROM customer_addresses WHERE customer_id = :id::bigint

-- name: customer_address_add
-- many
INSERT INTO customer_addresses (customer_id, n, is_shipping, is_billing, doc)
VALUES (:customer_id::bigint, :n::bigint, :is_shipping::bigint,
    :is_billing::bigint, :doc::jsonb)

-- name: customer_consent_add
INSERT INTO customer_consents (customer_id, id, purpose, channel, state,
    source, given_at, at, actor_kind, actor_id)
VALUES (:customer_id::bigint, :id::bigint, :purpose::text, :channel::bigint,
    :state::bigint, :source::text, :given_at::bigint, :at::bigint,
    :actor_kind::bigint, :actor_id::bigint)

-- name: customer_consent_list
SELECT id, purpose, channel, state, source, given_at, at, actor_kind, actor_id
FROM customer_consents
WHERE customer_id = :customer_id::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- What holds: the newest of each purpose and channel.
-- name: customer_consent_now
SELECT c.id, c.purpose, c.channel, c.state, c.source, c.given_at, c.at,
    c.actor_kind, c.actor_id
FROM customer_consents c
JOIN (SELECT purpose, channel, MAX(id)::bigint AS id FROM customer_consents
    WHERE customer_id = :customer_id::bigint GROUP BY purpose, channel) l
    ON l.id = c.id
WHERE c.customer_id = :customer_id::bigint
ORDER BY c.purpose, c.channel LIMIT :limit::bigint

-- name: customer_consent_move
-- later
UPDATE customer_consents SET customer_id = :to::bigint
WHERE customer_id = :from::bigint

-- name: customer_note_add
INSERT INTO customer_notes (customer_id, id, text, at, actor_kind, actor_id)
VALUES (:customer_id::bigint, :id::bigint, :text::text, :at::bigint,
    :actor_kind::bigint, :actor_id::bigint)

-- name: customer_note_list
SELECT id, text, at, actor_kind, actor_id FROM customer_notes
WHERE customer_id = :customer_id::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: customer_note_move
-- later
UPDATE customer_notes SET customer_id = :to::bigint
WHERE customer_id = :from::bigint

-- name: customer_double_list
SELECT other_id FROM customer_doubles
WHERE customer_id = :id::bigint ORDER BY other_id LIMIT 50

-- name: customer_double_inherit
-- later
INSERT INTO customer_doubles (customer_id, other_id, at)
SELECT :to::bigint, other_id, at FROM customer_doubles
WHERE customer_id = :from::bigint AND other_id <> :to::bigint
ON CONFLICT DO NOTHING

-- name: customer_double_inherit_back
-- later
INSERT INTO customer_doubles (customer_id, other_id, at)
SELECT customer_id, :to::bigint, at FROM customer_doubles
WHERE other_id = :from::bigint AND customer_id <> :to::bigint
ON CONFLICT DO NOTHING

-- name: customer_double_remove
-- later
DELETE FROM customer_doubles
WHERE customer_id = :id::bigint OR other_id = :id::bigint

-- ---- merged customers and orders ----

-- name: customer_follow
-- later
UPDATE customers SET merged_into = :to::bigint
WHERE merged_into = :from::bigint

-- name: customer_order_move
-- later
UPDATE customer_orders SET customer_id = :to::bigint
WHERE customer_id = :from::bigint

-- name: customer_order_find
SELECT order_id, customer_id, is_counted FROM customer_orders
WHERE order_id = :id::bigint
-- postgres many body:
SELECT order_id, customer_id, is_counted FROM customer_orders
WHERE order_id = ANY(:id::bigint[])

-- name: customer_order_save
-- later
-- many
INSERT INTO customer_orders (order_id, customer_id, currency, total_minor,
    placed_at, is_counted)
VALUES (:order_id::bigint, :customer_id::bigint, :currency::text,
    :total::bigint, :placed_at::bigint, :is_counted::bigint)
ON CONFLICT (order_id) DO UPDATE SET is_counted = excluded.is_counted

-- name: customer_value_list
SELECT customer_id, currency, orders, total_minor, last_at
FROM customer_values WHERE customer_id = :id::bigint
-- postgres many body:
SELECT customer_id, currency, orders, total_minor, last_at
FROM customer_values WHERE customer_id = ANY(:id::bigint[])

-- name: customer_value_save
-- later
-- many
INSERT INTO customer_values (customer_id, currency, orders, total_minor,
    last_at)
VALUES (:customer_id::bigint, :currency::text, :orders::bigint,
    :total::bigint, :last_at::bigint)
ON CONFLICT (customer_id, currency) DO UPDATE SET orders = excluded.orders,
    total_minor = excluded.total_minor, last_at = excluded.last_at

-- name: customer_value_clear
-- later
DELETE FROM customer_values WHERE customer_id = :id::bigint

-- ---- erasing ----

-- name: customer_merged_list
SELECT id, name, language, attrs, tags, merged_into, erased_at, version,
    created_at, updated_at
FROM customers WHERE merged_into = :id::bigint ORDER BY id

-- name: customer_order_ids
SELECT order_id FROM customer_orders
WHERE customer_id = :id::bigint AND order_id < :before::bigint
ORDER BY order_id DESC LIMIT :limit::bigint

-- name: customer_key_clear
-- later
DELETE FROM customer_keys WHERE customer_id = :id::bigint

-- name: customer_consent_clear
-- later
DELETE FROM customer_consents WHERE customer_id = :id::bigint

-- name: customer_note_clear
-- later
DELETE FROM customer_notes WHERE customer_id = :id::bigint

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
