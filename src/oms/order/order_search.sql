-- order_search.sql - the words orders are found by.

-- name: search_find_order
SELECT chunk, pos, order_id, words FROM order_search
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT chunk, pos, order_id, words FROM order_search
WHERE order_id = ANY(:order_id::bigint[])

-- name: search_list_chunk
SELECT chunk, pos, order_id, words FROM order_search
WHERE chunk = :chunk::bigint ORDER BY pos

-- name: search_last
SELECT chunk, pos, order_id, words FROM order_search
ORDER BY chunk DESC, pos DESC LIMIT 1

-- name: search_add
-- many
INSERT INTO order_search (chunk, pos, order_id, words)
VALUES (:chunk::bigint, :pos::bigint, :order_id::bigint, :words::text)
ON CONFLICT (chunk, pos) DO UPDATE SET words = excluded.words

-- name: search_words_clear
DELETE FROM order_search_words WHERE chunk = :chunk::bigint

-- name: search_words_add
-- later
-- many
INSERT INTO order_search_words (chunk, word, places)
VALUES (:chunk::bigint, :word::text, :places::text)

-- name: search_words_list
SELECT word, places FROM order_search_words
WHERE chunk = :chunk::bigint ORDER BY word

-- Words from a prefix on to its end, in many chunks.
-- name: search_probe
SELECT chunk, places FROM order_search_words
WHERE chunk = :chunk::bigint AND word >= :low::text AND word < :high::text
-- postgres many body:
SELECT f.chunk, f.places
FROM unnest(:chunk::bigint[], :low::text[], :high::text[]) AS k(chunk, low, high)
CROSS JOIN LATERAL (
    SELECT w.chunk, w.places FROM order_search_words w
    WHERE w.chunk = k.chunk AND w.word >= k.low COLLATE "C"
        AND w.word < k.high COLLATE "C"
    LIMIT 1000000) AS f

-- name: search_item_list
SELECT s.order_id, l.channel_id, l.status, l.external_id, l.number,
    l.customer, l.units, l.line_count, l.backordered, l.currency,
    l.total_minor, l.placed_at, l.version, l.payment, s.chunk, s.pos
FROM order_search s
LEFT JOIN order_list l ON l.order_id = s.order_id
WHERE s.chunk = :chunk::bigint AND s.pos = :pos::bigint
-- postgres many body:
SELECT s.order_id, l.channel_id, l.status, l.external_id, l.number,
    l.customer, l.units, l.line_count, l.backordered, l.currency,
    l.total_minor, l.placed_at, l.version, l.payment, s.chunk, s.pos
FROM unnest(:chunk::bigint[], :pos::bigint[]) AS k(chunk, pos)
JOIN order_search s ON s.chunk = k.chunk AND s.pos = k.pos
LEFT JOIN order_list l ON l.order_id = s.order_id

-- name: search_sku_list
-- hot
SELECT order_id, sku_code FROM order_lines
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
-- postgres many body:
SELECT l.order_id, l.sku_code
FROM unnest(:bucket::bigint[], :order_id::bigint[]) AS k(bucket, order_id)
JOIN order_lines l ON l.bucket = k.bucket AND l.order_id = k.order_id

-- ---- verify ----

-- name: order_verify_search
SELECT o.id FROM orders o
WHERE NOT EXISTS (SELECT 1 FROM order_search s WHERE s.order_id = o.id)
ORDER BY o.id

-- name: order_verify_search_stray
SELECT s.order_id FROM order_search s
WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = s.order_id)
ORDER BY s.order_id
