-- invoice.sql - invoices, their series, and what was billed of orders.

-- ---- series ----

-- name: invoice_series_add
INSERT INTO invoice_series (id, code, name, prefix, credit_prefix, next,
    credit_next, seller, version, created_at)
VALUES (:id::bigint, :code::text, :name::text, :prefix::text,
    :credit_prefix::text, 1, 1, :seller::jsonb, 1, :now::bigint)
ON CONFLICT DO NOTHING

-- name: invoice_series_row
SELECT id, code, name, prefix, credit_prefix, next, credit_next, seller,
    version, created_at
FROM invoice_series WHERE id = :id::bigint

-- name: invoice_series_lock
SELECT id, code, name, prefix, credit_prefix, next, credit_next, seller,
    version, created_at
FROM invoice_series WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: invoice_series_by_code
SELECT id, code, name, prefix, credit_prefix, next, credit_next, seller,
    version, created_at
FROM invoice_series WHERE code = :code::text

-- name: invoice_series_page
SELECT id, code, name, prefix, credit_prefix, next, credit_next, seller,
    version, created_at
FROM invoice_series WHERE id > :after::bigint
ORDER BY id LIMIT :limit::bigint

-- name: invoice_series_prefix
SELECT id FROM invoice_series
WHERE prefix IN (:a::text, :b::text) OR credit_prefix IN (:a, :b)
LIMIT 1

-- name: invoice_series_save
UPDATE invoice_series SET name = :name::text, seller = :seller::jsonb,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- The row stays locked until the commit: whoever takes the next number waits,
-- and a number whose document is undone is given back.
-- name: invoice_number_take
UPDATE invoice_series SET next = next + 1 WHERE id = :id::bigint
RETURNING next, prefix

-- name: credit_number_take
UPDATE invoice_series SET credit_next = credit_next + 1 WHERE id = :id::bigint
RETURNING credit_next, credit_prefix

-- ---- rules ----

-- By parcel (5) is shipped (3), by part.
-- name: invoice_rule_list
SELECT channel_id, series_id, CASE is_by_part WHEN 1 THEN 5 ELSE issue_on END,
    version
FROM invoice_rules

-- name: invoice_rule_row
SELECT channel_id, series_id, CASE is_by_part WHEN 1 THEN 5 ELSE issue_on END,
    version
FROM invoice_rules
WHERE channel_id = :channel_id::bigint

-- name: invoice_rule_add
INSERT INTO invoice_rules (channel_id, series_id, issue_on, version,
    is_by_part)
VALUES (:channel_id::bigint, :series_id::bigint,
    CASE :issue_on::bigint WHEN 5 THEN 3 ELSE :issue_on END, 1,
    CASE :issue_on WHEN 5 THEN 1 ELSE 0 END)
ON CONFLICT DO NOTHING

-- name: invoice_rule_save
UPDATE invoice_rules SET series_id = :series_id::bigint,
    issue_on = CASE :issue_on::bigint WHEN 5 THEN 3 ELSE :issue_on END,
    is_by_part = CASE :issue_on WHEN 5 THEN 1 ELSE 0 END,
    version = version + 1
WHERE channel_id = :channel_id::bigint AND version = :version::bigint

-- name: invoice_order_channel
-- many
SELECT id, channel_id FROM orders
WHERE bucket = :bucket::bigint AND id = :id::bigint AND is_history = 0
-- postgres many body:
SELECT o.id, o.channel_id
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id AND o.is_history = 0

-- ---- invoices ----

-- name: invoice_add
INSERT INTO invoices (id, bucket, order_id, channel_id, series_id, number,
    state, currency, tax_minor, total_minor, issued_at, version, created_at,
    updated_at, doc)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :channel_id::bigint,
    :series_id::bigint, :number::text, :state::bigint, :currency::text,
    :tax::bigint, :total::bigint, :issued_at::bigint, :version::bigint,
    :created_at::bigint, :updated_at::bigint, :doc::jsonb)

-- Only a draft may become another document; what is issued only moves on.
-- name: invoice_save
UPDATE invoices SET series_id = :series_id::bigint, number = :number::text,
    state = :state::bigint, tax_minor = :tax::bigint,
    total_minor = :total::bigint, issued_at = :issued_at::bigint,
    version = version + 1, updated_at = :updated_at::bigint, doc = :doc::jsonb
WHERE id = :id::bigint AND version = :version::bigint AND state = 1

-- name: invoice_move
UPDATE invoices SET state = :state::bigint, version = version + 1,
    updated_at = :updated_at::bigint
WHERE id = :id::bigint AND version = :version::bigint AND state > 1

-- name: invoice_row
SELECT id, order_id, channel_id, series_id, number, state, currency, tax_minor,
    total_minor, issued_at, version, created_at, updated_at, doc
FROM invoices WHERE id = :id::bigint

-- name: invoice_of_order
SELECT id, order_id, channel_id, series_id, number, state, currency, tax_minor,
    total_minor, issued_at, version, created_at, updated_at, doc
FROM invoices WHERE order_id = :order_id::bigint AND id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: invoice_page
SELECT id, order_id, channel_id, series_id, number, state, currency, tax_minor,
    total_minor, issued_at, version, created_at, updated_at, doc
FROM invoices WHERE id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- ---- what was billed ----

-- name: bill_add
INSERT INTO bills (document_id, bucket, order_id, seq, kind, series_id,
    series_n, tax_minor, total_minor, worth_minor, is_by_part)
VALUES (:document_id::bigint, :bucket::bigint, :order_id::bigint,
    :seq::bigint, :kind::bigint, :series_id::bigint, :series_n::bigint,
    :tax::bigint, :total::bigint, :worth::bigint, :is_by_part::bigint)

-- name: bill_part_add
-- many
INSERT INTO bill_parts (document_id, n, bucket, order_id, qty, tax_minor,
    total_minor)
VALUES (:document_id::bigint, :n::bigint, :bucket::bigint, :order_id::bigint,
    :qty::bigint, :tax::bigint, :total::bigint)

-- name: bill_part_sums
SELECT p.n, SUM(CASE b.kind WHEN 1 THEN p.qty ELSE -p.qty END)::bigint,
    SUM(CASE b.kind WHEN 1 THEN p.tax_minor ELSE -p.tax_minor END)::bigint,
    SUM(CASE b.kind WHEN 1 THEN p.total_minor ELSE -p.total_minor END)::bigint
FROM bill_parts p
JOIN bills b ON b.document_id = p.document_id
WHERE p.order_id = :order_id::bigint
GROUP BY p.n
ORDER BY p.n

-- name: bill_last
SELECT seq, series_id, is_by_part FROM bills WHERE order_id = :order_id::bigint
ORDER BY seq DESC LIMIT 1

-- ---- verify ----

-- name: invoice_verify_gaps
SELECT s.id FROM invoice_series s
LEFT JOIN (SELECT series_id, kind, COUNT(series_n) AS many,
        MAX(series_n) AS most FROM bills GROUP BY series_id, kind) b
    ON b.series_id = s.id AND b.kind = 1
LEFT JOIN (SELECT series_id, kind, COUNT(series_n) AS many,
        MAX(series_n) AS most FROM bills GROUP BY series_id, kind) c
    ON c.series_id = s.id AND c.kind = 2
WHERE COALESCE(b.many, 0) <> s.next - 1 OR COALESCE(b.most, 0) <> s.next - 1
    OR COALESCE(c.many, 0) <> s.credit_next - 1
    OR COALESCE(c.most, 0) <> s.credit_next - 1
ORDER BY s.id

-- name: invoice_verify_documents
SELECT b.document_id FROM bills b
LEFT JOIN invoices i ON i.id = b.document_id AND i.state > 1
    AND i.total_minor = b.total_minor AND i.tax_minor = b.tax_minor
    AND i.order_id = b.order_id AND i.series_id = b.series_id
LEFT JOIN credit_notes n ON n.id = b.document_id
    AND n.total_minor = b.total_minor
LEFT JOIN (SELECT document_id, SUM(tax_minor)::bigint AS tax,
        SUM(total_minor)::bigint AS total
    FROM bill_parts GROUP BY document_id) p ON p.document_id = b.document_id
WHERE (b.kind = 1 AND i.id IS NULL) OR (b.kind = 2 AND n.id IS NULL)
    OR p.total IS NULL OR p.total <> b.total_minor OR p.tax <> b.tax_minor
ORDER BY b.document_id

-- name: invoice_verify_stray
SELECT i.id FROM invoices i
LEFT JOIN bills b ON b.document_id = i.id AND b.kind = 1
LEFT JOIN orders o ON o.id = i.order_id AND o.currency = i.currency
WHERE o.id IS NULL OR (i.state > 1 AND b.document_id IS NULL)
    OR (i.state = 1 AND b.document_id IS NOT NULL)
ORDER BY i.id

-- What all documents come to is what the order was worth at the last of them.
-- name: invoice_verify_worth
SELECT b.order_id FROM bills b
JOIN (SELECT order_id, MAX(seq) AS seq, COUNT(seq) AS many,
        SUM(CASE kind WHEN 1 THEN total_minor ELSE -total_minor END)::bigint
            AS total
    FROM bills GROUP BY order_id) s
    ON s.order_id = b.order_id AND s.seq = b.seq
WHERE s.total <> b.worth_minor OR s.many <> s.seq
ORDER BY b.order_id
