-- finance.sql - credit notes and their lines.

-- name: credit_find
-- hot
SELECT id, channel_id, external_id, body_hash FROM credit_notes
WHERE bucket = :bucket::bigint AND channel_id = :channel_id::bigint
    AND external_id = :external_id::text
-- postgres many body:
SELECT c.id, c.channel_id, c.external_id, c.body_hash
FROM unnest(:bucket::bigint[], :channel_id::bigint[], :external_id::text[])
    AS k(bucket, channel_id, external_id)
JOIN credit_notes c ON c.bucket = k.bucket AND c.channel_id = k.channel_id
    AND c.external_id = k.external_id

-- name: credit_insert
-- many
-- hot
INSERT INTO credit_notes (id, bucket, channel_id, external_id, number, status,
    origin, currency, total_minor, body_hash, issued_at, created_at, version,
    doc)
VALUES (:id::bigint, :bucket::bigint, :channel_id::bigint,
    :external_id::text, :number::text, :status::bigint, :origin::bigint,
    :currency::text, :total::bigint, :body_hash::bigint, :issued_at::bigint,
    :created_at::bigint, :version::bigint, :doc::jsonb)
ON CONFLICT DO NOTHING

-- name: credit_line_insert
-- later
-- many
-- hot
INSERT INTO credit_note_lines (credit_note_id, n, bucket, sku_id, sku_code,
    title, qty, unit_price_minor, amount_minor, order_id, order_n, doc)
VALUES (:credit_note_id::bigint, :n::bigint, :bucket::bigint, :sku_id::bigint,
    :sku_code::text, :title::text, :qty::bigint, :unit_price::bigint,
    :amount::bigint, :order_id::bigint, :order_n::bigint, :doc::jsonb)

-- The latest lines of history in which a buyer bought a SKU, and how many of
-- their units were credited.
-- name: credit_source_list
SELECT o.channel_id, o.history_buyer, l.sku_id,
    l.order_id, l.n, l.ordered, o.placed_at,
    COALESCE((SELECT SUM(c.qty) FROM credit_note_lines c
        WHERE c.order_id = l.order_id AND c.order_n = l.n), 0)::bigint
FROM orders o
JOIN order_lines l ON l.order_id = o.id
WHERE o.channel_id = :channel_id::bigint AND o.history_buyer = :buyer::text
    AND l.sku_id = :sku_id::bigint
ORDER BY o.placed_at DESC, l.order_id DESC, l.n DESC
LIMIT 500
-- postgres many body:
SELECT f.* FROM unnest(:channel_id::bigint[], :buyer::text[],
    :sku_id::bigint[]) AS k(channel_id, buyer, sku_id)
CROSS JOIN LATERAL (
    SELECT o.channel_id, k.buyer, l.sku_id, l.order_id, l.n, l.ordered,
        o.placed_at,
        COALESCE((SELECT SUM(c.qty) FROM credit_note_lines c
            WHERE c.order_id = l.order_id AND c.order_n = l.n), 0)::bigint
    FROM orders o
    JOIN order_lines l ON l.order_id = o.id
    WHERE o.channel_id = k.channel_id AND o.history_buyer = k.buyer
        AND l.sku_id = k.sku_id
    ORDER BY o.placed_at DESC, l.order_id DESC, l.n DESC
    LIMIT 500) AS f

-- name: credit_get
SELECT id, channel_id, external_id, number, status, origin, currency,
    total_minor, body_hash, issued_at, created_at, version, doc
FROM credit_notes WHERE bucket = :bucket::bigint AND id = :id::bigint

-- name: credit_line_list
SELECT n, sku_id, sku_code, title, qty, unit_price_minor, amount_minor,
    order_id, order_n, doc
FROM credit_note_lines
WHERE bucket = :bucket::bigint AND credit_note_id = :id::bigint
ORDER BY n

-- name: credit_list
SELECT id, channel_id, external_id, number, status, origin, currency,
    total_minor, body_hash, issued_at, created_at, version, doc
FROM credit_notes WHERE id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: credit_list_order
SELECT id, channel_id, external_id, number, status, origin, currency,
    total_minor, body_hash, issued_at, created_at, version, doc
FROM credit_notes
WHERE id < :before::bigint AND id IN (
    SELECT credit_note_id FROM credit_note_lines
    WHERE order_id = :order_id::bigint
    UNION SELECT document_id FROM bills
    WHERE order_id = :order_id AND kind = 2)
ORDER BY id DESC LIMIT :limit::bigint

-- A row per note; the caller adds them up.
-- name: credit_sums
SELECT COALESCE(c.doc ->> 'country', ''), c.currency, 1, l.lines, l.linked,
    l.total
FROM credit_notes c
JOIN (SELECT credit_note_id, COUNT(n) AS lines, COUNT(order_id) AS linked,
        SUM(amount_minor)::bigint AS total
    FROM credit_note_lines
    WHERE bucket = :bucket::bigint AND credit_note_id = :id::bigint
    GROUP BY credit_note_id) AS l ON l.credit_note_id = c.id
WHERE c.bucket = :bucket AND c.id = :id
-- postgres many body:
SELECT COALESCE(c.doc ->> 'country', ''), c.currency, 1::bigint, l.lines,
    l.linked, l.total
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN credit_notes c ON c.bucket = k.bucket AND c.id = k.id
CROSS JOIN LATERAL (SELECT COUNT(n) AS lines, COUNT(order_id) AS linked,
        SUM(amount_minor)::bigint AS total
    FROM credit_note_lines
    WHERE bucket = k.bucket AND credit_note_id = k.id) AS l

-- As order_history_ids.
-- name: credit_history_ids
SELECT id FROM credit_notes
WHERE channel_id + 0 = :channel_id::bigint AND id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: credit_buyer_count
SELECT COUNT(b.buyer) FROM (
    SELECT history_buyer AS buyer FROM orders
    WHERE channel_id = :channel_id::bigint AND history_buyer IS NOT NULL
    UNION
    SELECT doc ->> 'customer' FROM credit_notes
    WHERE channel_id = :channel_id AND doc ->> 'customer' <> '') AS b

-- ---- verify ----

-- name: credit_verify_total
SELECT c.id FROM credit_notes c
LEFT JOIN (SELECT credit_note_id, SUM(amount_minor)::bigint AS total
    FROM credit_note_lines GROUP BY credit_note_id) l
    ON l.credit_note_id = c.id
WHERE c.total_minor <> COALESCE(l.total, -1)
ORDER BY c.id

-- name: credit_verify_external
SELECT MIN(id)::bigint FROM credit_notes
GROUP BY channel_id, external_id HAVING COUNT(id) > 1

-- name: credit_verify_link
SELECT l.credit_note_id, l.n FROM credit_note_lines l
JOIN credit_notes c ON c.id = l.credit_note_id
LEFT JOIN order_lines o ON o.order_id = l.order_id AND o.n = l.order_n
    AND o.sku_id = l.sku_id
WHERE l.order_id IS NOT NULL AND o.n IS NULL
ORDER BY l.credit_note_id, l.n

-- name: credit_verify_units
SELECT l.order_id, l.order_n FROM credit_note_lines l
JOIN order_lines o ON o.order_id = l.order_id AND o.n = l.order_n
GROUP BY l.order_id, l.order_n, o.ordered
HAVING SUM(l.qty) > o.ordered
ORDER BY l.order_id, l.order_n

-- name: credit_verify_event
SELECT c.id FROM credit_notes c
WHERE (SELECT COUNT(e.id) FROM events e WHERE e.subject_id = c.id
    AND e.subject_kind = 'credit_note') <> c.version
ORDER BY c.id
