-- change_draft.sql - drafts and quotes.

-- name: draft_insert
INSERT INTO drafts (id, bucket, state, company_id, customer_id, channel,
    currency, total, po_number, terms_days, body, version, created_at,
    updated_at)
VALUES (:id::bigint, 0, 1, :company_id::bigint, :customer_id::bigint,
    :channel::text, :currency::text, :total::bigint, :po_number::text,
    :terms_days::bigint, :body::jsonb, 1, :now::bigint, :now::bigint)

-- name: draft_save
UPDATE drafts SET state = :state::bigint, company_id = :company_id::bigint,
    customer_id = :customer_id::bigint, order_id = :order_id::bigint,
    quote_number = :quote_number::bigint, channel = :channel::text,
    currency = :currency::text, total = :total::bigint,
    po_number = :po_number::text, answer = :answer::text,
    terms_days = :terms_days::bigint, valid_until = :valid_until::bigint,
    body = :body::jsonb, version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: draft_row
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at
FROM drafts WHERE id = :id::bigint

-- name: draft_lock_row
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at
FROM drafts WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: draft_page
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at,
    (SELECT c.name FROM companies c WHERE c.id = drafts.company_id)
FROM drafts WHERE id < :before::bigint ORDER BY id DESC LIMIT :limit::bigint

-- name: draft_page_state
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at,
    (SELECT c.name FROM companies c WHERE c.id = drafts.company_id)
FROM drafts WHERE state = :state::bigint AND id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: draft_page_company
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at,
    (SELECT c.name FROM companies c WHERE c.id = drafts.company_id)
FROM drafts WHERE company_id = :company_id::bigint AND id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: draft_of_customer
SELECT id, state, company_id, customer_id, order_id, quote_number, channel,
    currency, total, po_number, answer, terms_days, valid_until, body, version,
    created_at, updated_at
FROM drafts WHERE customer_id IN (SELECT c.id FROM customers c
    WHERE c.id = :customer_id::bigint OR c.merged_into = :customer_id::bigint)
ORDER BY id

-- name: draft_due
SELECT id FROM drafts
WHERE state IN (5, 6) AND valid_until <= :now::bigint
ORDER BY valid_until LIMIT :limit::bigint

-- name: draft_next_due
SELECT COALESCE(MIN(valid_until), 0)::bigint FROM drafts WHERE state IN (5, 6)

-- name: draft_take_number
INSERT INTO quote_numbers (id, last) VALUES (1, 1001)
ON CONFLICT (id) DO UPDATE SET last = quote_numbers.last + 1
RETURNING last

-- What is left of an order and its charges, and what was paid and kept, as
-- order_balance counts them.
-- columns: draft_worth
SUM(COALESCE(l.total_now, l.total_minor))
    + COALESCE(MAX(o.charges_now), MAX(o.total_minor) - SUM(l.total_minor))
    - COALESCE(MAX(o.allowance_now), 0) AS worth,
COALESCE(MAX(o.pay_captured), 0) - COALESCE(MAX(o.pay_refunded), 0)
    - COALESCE(MAX(o.pay_disputed), 0) AS kept

-- Of those whose orders changed since they owed nothing; one that was paid too
-- much pays for no other.
-- name: draft_company_owes
SELECT COALESCE(SUM(CASE WHEN w.worth > 0 THEN w.worth ELSE 0 END - w.kept),
    0)::bigint
FROM (SELECT {draft_worth}
    FROM drafts d
    JOIN orders o ON o.bucket = (d.order_id & 255) AND o.id = d.order_id
    JOIN order_lines l ON l.bucket = o.bucket AND l.order_id = o.id
    WHERE d.company_id = :company_id::bigint AND d.state = 9
        AND o.currency = :currency::text
        AND COALESCE(d.settled_version, 0) <> o.version
    GROUP BY d.id) w
WHERE CASE WHEN w.worth > 0 THEN w.worth ELSE 0 END > w.kept

-- Their orders owe nothing as long as they have the version that they have.
-- name: draft_settle
UPDATE drafts SET settled_version = (SELECT o.version FROM orders o
    WHERE o.bucket = (drafts.order_id & 255) AND o.id = drafts.order_id)
WHERE id IN (SELECT w.id
    FROM (SELECT d.id AS id, {draft_worth}
        FROM drafts d
        JOIN orders o ON o.bucket = (d.order_id & 255) AND o.id = d.order_id
        JOIN order_lines l ON l.bucket = o.bucket AND l.order_id = o.id
        WHERE d.company_id = :company_id::bigint AND d.state = 9
            AND o.currency = :currency::text
            AND COALESCE(d.settled_version, 0) <> o.version
        GROUP BY d.id) w
    WHERE CASE WHEN w.worth > 0 THEN w.worth ELSE 0 END <= w.kept)

-- ---- verify ----

-- name: draft_verify_order
SELECT d.id FROM drafts d LEFT JOIN orders o ON o.id = d.order_id
WHERE d.state = 9
    AND (o.id IS NULL OR o.currency <> d.currency OR o.total_minor <> d.total)
ORDER BY d.id

-- name: draft_verify_party
SELECT d.id FROM drafts d
LEFT JOIN companies c ON c.id = d.company_id
LEFT JOIN customers u ON u.id = d.customer_id
WHERE (d.company_id IS NOT NULL AND c.id IS NULL)
    OR (d.customer_id IS NOT NULL AND u.id IS NULL)
ORDER BY d.id
