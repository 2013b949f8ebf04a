-- journal.sql - double entry of what was billed, paid and kept for buyers.

-- ---- what has no entry yet ----

-- name: journal_bill_due
-- many
SELECT b.kind, b.document_id, 0::bigint, 0::bigint, b.order_id, o.currency,
    COALESCE(i.issued_at, n.issued_at), b.total_minor, b.tax_minor, 0::bigint
FROM bills b
JOIN orders o ON o.id = b.order_id
LEFT JOIN invoices i ON i.id = b.document_id
LEFT JOIN credit_notes n ON n.id = b.document_id
LEFT JOIN journal_entries e ON e.source_id = b.document_id
    AND e.source_n = 0 AND e.kind = b.kind
WHERE b.document_id = :id::bigint AND e.id IS NULL
-- postgres many body:
SELECT b.kind, b.document_id, 0::bigint, 0::bigint, b.order_id, o.currency,
    COALESCE(i.issued_at, n.issued_at), b.total_minor, b.tax_minor, 0::bigint
FROM unnest(:id::bigint[]) AS k(id)
JOIN bills b ON b.document_id = k.id
JOIN orders o ON o.id = b.order_id
LEFT JOIN invoices i ON i.id = b.document_id
LEFT JOIN credit_notes n ON n.id = b.document_id
LEFT JOIN journal_entries e ON e.source_id = b.document_id
    AND e.source_n = 0 AND e.kind = b.kind
WHERE e.id IS NULL

-- name: journal_payment_due
-- many
SELECT 3::bigint, t.intent_id, t.n, t.type, p.order_id, p.currency,
    t.occurred_at, t.amount, 0::bigint, COALESCE(p.credit_tender, p.tender)
FROM payment_transactions t
JOIN payment_intents p ON p.id = t.intent_id
LEFT JOIN journal_entries e ON e.source_id = t.intent_id AND e.source_n = t.n
    AND e.kind = 3
WHERE t.intent_id = :id::bigint AND t.type IN (2, 4, 5, 6) AND t.amount > 0
    AND e.id IS NULL
-- postgres many body:
SELECT 3::bigint, t.intent_id, t.n, t.type, p.order_id, p.currency,
    t.occurred_at, t.amount, 0::bigint, COALESCE(p.credit_tender, p.tender)
FROM unnest(:id::bigint[]) AS k(id)
JOIN payment_intents p ON p.id = k.id
JOIN payment_transactions t ON t.intent_id = p.id
LEFT JOIN journal_entries e ON e.source_id = t.intent_id AND e.source_n = t.n
    AND e.kind = 3
WHERE t.type IN (2, 4, 5, 6) AND t.amount > 0 AND e.id IS NULL

-- What is paid with credit or comes back to it is the payment's own.
-- name: journal_credit_due
-- many
SELECT a.kind + 3, c.account_id, c.n, c.kind, c.order_id, a.currency, c.at,
    c.amount, 0::bigint, COALESCE(p.credit_tender, p.tender)
FROM credit_entries c
JOIN credit_accounts a ON a.id = c.account_id
LEFT JOIN payment_intents p ON p.id = c.intent_id
LEFT JOIN journal_entries e ON e.source_id = c.account_id AND e.source_n = c.n
    AND e.kind = a.kind + 3
WHERE c.account_id = :id::bigint AND c.kind IN (1, 2, 5) AND e.id IS NULL
-- postgres many body:
SELECT a.kind + 3, c.account_id, c.n, c.kind, c.order_id, a.currency, c.at,
    c.amount, 0::bigint, COALESCE(p.credit_tender, p.tender)
FROM unnest(:id::bigint[]) AS k(id)
JOIN credit_accounts a ON a.id = k.id
JOIN credit_entries c ON c.account_id = a.id
LEFT JOIN payment_intents p ON p.id = c.intent_id
LEFT JOIN journal_entries e ON e.source_id = c.account_id AND e.source_n = c.n
    AND e.kind = a.kind + 3
WHERE c.kind IN (1, 2, 5) AND e.id IS NULL

-- ---- rows ----

-- name: journal_entry_add
-- many
INSERT INTO journal_entries (id, bucket, kind, source_id, source_n, what,
    order_id, currency, at, event_id)
VALUES (:id::bigint, :bucket::bigint, :kind::bigint, :source_id::bigint,
    :source_n::bigint, :what::bigint, :order_id::bigint, :currency::text,
    :at::bigint, :event_id::bigint)

-- name: journal_line_add
-- many
INSERT INTO journal_lines (entry_id, n, bucket, account, debit, credit)
VALUES (:entry_id::bigint, :n::bigint, :bucket::bigint, :account::text,
    :debit::bigint, :credit::bigint)

-- name: journal_page
SELECT id, kind, source_id, source_n, what, order_id, currency, at
FROM journal_entries
WHERE id > :after::bigint AND at >= :from::bigint AND at < :to::bigint
ORDER BY id LIMIT :limit::bigint

-- name: journal_page_of
SELECT id, kind, source_id, source_n, what, order_id, currency, at
FROM journal_entries
WHERE order_id = :order_id::bigint AND id > :after::bigint
    AND at >= :from::bigint AND at < :to::bigint
ORDER BY id LIMIT :limit::bigint

-- name: journal_lines_of
-- many
SELECT entry_id, n, account, debit, credit FROM journal_lines
WHERE entry_id = :id::bigint
-- postgres many body:
SELECT l.entry_id, l.n, l.account, l.debit, l.credit
FROM unnest(:id::bigint[]) AS k(id)
JOIN journal_lines l ON l.entry_id = k.id

-- ---- verify ----

-- name: journal_verify_balance
SELECT e.id FROM journal_entries e
LEFT JOIN (SELECT entry_id, SUM(debit)::bigint AS debit,
        SUM(credit)::bigint AS credit
    FROM journal_lines GROUP BY entry_id) l ON l.entry_id = e.id
WHERE l.debit IS NULL OR l.debit <> l.credit
ORDER BY e.id

-- name: journal_verify_stray
SELECT e.id FROM journal_entries e
LEFT JOIN bills b ON b.document_id = e.source_id AND b.kind = e.kind
LEFT JOIN payment_transactions t ON t.intent_id = e.source_id
    AND t.n = e.source_n
LEFT JOIN credit_entries c ON c.account_id = e.source_id AND c.n = e.source_n
WHERE (e.kind < 3 AND b.document_id IS NULL)
    OR (e.kind = 3 AND (t.n IS NULL OR t.type <> e.what))
    OR (e.kind > 3 AND (c.n IS NULL OR c.kind <> e.what))
ORDER BY e.id

-- name: journal_verify_bills
SELECT b.order_id FROM bills b
LEFT JOIN journal_entries e ON e.source_id = b.document_id AND e.source_n = 0
    AND e.kind = b.kind
LEFT JOIN (SELECT entry_id,
        SUM(CASE account WHEN 'receivables' THEN debit - credit ELSE 0 END)
            ::bigint AS owed,
        SUM(CASE account WHEN 'taxes' THEN credit - debit ELSE 0 END)::bigint
            AS tax
    FROM journal_lines GROUP BY entry_id) l ON l.entry_id = e.id
WHERE e.id IS NULL OR l.owed IS NULL
    OR l.owed <> CASE b.kind WHEN 1 THEN b.total_minor ELSE -b.total_minor END
    OR l.tax <> CASE b.kind WHEN 1 THEN b.tax_minor ELSE -b.tax_minor END
ORDER BY b.order_id

-- name: journal_verify_payments
SELECT p.order_id FROM payment_transactions t
JOIN payment_intents p ON p.id = t.intent_id
LEFT JOIN journal_entries e ON e.source_id = t.intent_id AND e.source_n = t.n
    AND e.kind = 3
LEFT JOIN (SELECT entry_id,
        SUM(CASE account WHEN 'receivables' THEN credit - debit ELSE 0 END)
            ::bigint AS paid
    FROM journal_lines GROUP BY entry_id) l ON l.entry_id = e.id
WHERE t.type IN (2, 4, 5, 6) AND t.amount > 0
    AND (e.id IS NULL OR l.paid IS NULL OR l.paid
        <> CASE WHEN t.type IN (2, 6) THEN t.amount ELSE -t.amount END)
ORDER BY p.order_id

-- What is kept for buyers is what their accounts say.
-- name: journal_verify_credit
SELECT a.kind, a.currency
FROM (SELECT kind, currency, SUM(balance)::bigint AS balance
    FROM credit_accounts GROUP BY kind, currency) a
LEFT JOIN (SELECT l.account, e.currency,
        SUM(l.credit - l.debit)::bigint AS kept
    FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id
    WHERE l.account IN ('credit:gift_card', 'credit:store_credit')
    GROUP BY l.account, e.currency) j
    ON j.currency = a.currency AND j.account = CASE a.kind
        WHEN 1 THEN 'credit:gift_card' ELSE 'credit:store_credit' END
WHERE COALESCE(j.kept, 0) <> a.balance
ORDER BY a.kind, a.currency
