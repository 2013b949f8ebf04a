-- journal.sql - double entry of what was billed, paid and kept for buyers.

-- ---- what has no entry yet ----

-- name: journal_bill_due
-- many
SELECT b.kind, b.document_id, 0::bigint, 0::bigint, b.order_id, o.currency,
    COALESCE(i.issued_at, n.issued_at), b.total_minor, b.tax_minor, 0::bigint,
    0::bigint
FROM bills b
JOIN orders o ON o.id = b.order_id
LEFT JOIN invoices i ON i.id = b.document_id
LEFT JOIN credit_notes n ON n.id = b.document_id
LEFT JOIN journal_entries e ON e.source_id = b.document_id
    AND e.source_n = 0 AND e.kind = b.kind
WHERE b.document_id = :id::bigint AND e.id IS NULL
-- postgres many body:
SELECT b.kind, b.document_id, 0::bigint, 0::bigint, b.order_id, o.currency,
    COALESCE(i.issued_at, n.issued_at), b.total_minor, b.tax_minor, 0::bigint,
    0::bigint
FROM unnest(:id::bigint[]) AS k(id)
JOIN bills b ON b.document_id = k.id
JOIN orders o ON o.id = b.order_id
LEFT JOIN invoices i ON i.id = b.document_id
LEFT JOIN credit_notes n ON n.id = b.document_id
LEFT JOIN journal_entries e ON e.source_id = b.document_id
    AND e.source_n = 0 AND e.kind = b.kind
WHERE e.id IS NULL

-- A lost dispute is of what is gone by it, and what comes of it after that is
-- no more the buyer's; but what was entered as his before losses were stays so,
-- and is no part of the loss.
-- name: journal_payment_due
-- many
SELECT 3::bigint, t.intent_id, t.n, t.type, p.order_id, p.currency,
    t.occurred_at,
    CASE WHEN t.type <> 9 THEN t.amount ELSE COALESCE((
        SELECT SUM(CASE d.type WHEN 5 THEN d.amount WHEN 6 THEN -d.amount
            ELSE 0 END)
        FROM payment_transactions d
        WHERE d.intent_id = t.intent_id AND d.dispute_id = t.dispute_id
            AND (d.n < t.n OR EXISTS (SELECT 1 FROM journal_entries o
                JOIN journal_lines l ON l.entry_id = o.id
                WHERE o.source_id = d.intent_id AND o.source_n = d.n
                    AND o.kind = 3 AND l.account = 'receivables'))), 0)
        END::bigint,
    0::bigint, COALESCE(p.credit_tender, p.tender),
    CASE WHEN EXISTS (SELECT 1 FROM payment_transactions d
        WHERE d.intent_id = t.intent_id AND d.dispute_id = t.dispute_id
            AND d.type = 9 AND d.n < t.n) THEN 1 ELSE 0 END::bigint
FROM payment_transactions t
JOIN payment_intents p ON p.id = t.intent_id
LEFT JOIN journal_entries e ON e.source_id = t.intent_id AND e.source_n = t.n
    AND e.kind = 3
WHERE t.intent_id = :id::bigint AND (t.amount > 0 OR t.type = 9)
    AND t.type IN (2, 4, 5, 6, 9) AND e.id IS NULL
-- postgres many body:
SELECT 3::bigint, t.intent_id, t.n, t.type, p.order_id, p.currency,
    t.occurred_at,
    CASE WHEN t.type <> 9 THEN t.amount ELSE COALESCE((
        SELECT SUM(CASE d.type WHEN 5 THEN d.amount WHEN 6 THEN -d.amount
            ELSE 0 END)
        FROM payment_transactions d
        WHERE d.intent_id = t.intent_id AND d.dispute_id = t.dispute_id
            AND (d.n < t.n OR EXISTS (SELECT 1 FROM journal_entries o
                JOIN journal_lines l ON l.entry_id = o.id
                WHERE o.source_id = d.intent_id AND o.source_n = d.n
                    AND o.kind = 3 AND l.account = 'receivables'))), 0)
        END::bigint,
    0::bigint, COALESCE(p.credit_tender, p.tender),
    CASE WHEN EXISTS (SELECT 1 FROM payment_transactions d
        WHERE d.intent_id = t.intent_id AND d.dispute_id = t.dispute_id
            AND d.type = 9 AND d.n < t.n) THEN 1 ELSE 0 END::bigint
FROM unnest(:id::bigint[]) AS k(id)
JOIN payment_intents p ON p.id = k.id
JOIN payment_transactions t ON t.intent_id = p.id
LEFT JOIN journal_entries e ON e.source_id = t.intent_id AND e.source_n = t.n
    AND e.kind = 3
WHERE (t.amount > 0 OR t.type = 9) AND t.type IN (2, 4, 5, 6, 9)
    AND e.id IS NULL

-- What is paid with credit or comes back to it is the payment's own.
-- name: journal_credit_due
-- many
SELECT a.kind + 3, c.account_id, c.n, c.kind, c.order_id, a.currency, c.at,
    c.amount, 0::bigint, COALESCE(p.credit_tender, p.tender), 0::bigint
FROM credit_entries c
JOIN credit_accounts a ON a.id = c.account_id
LEFT JOIN payment_intents p ON p.id = c.intent_id
LEFT JOIN journal_entries e ON e.source_id = c.account_id AND e.source_n = c.n
    AND e.kind = a.kind + 3
WHERE c.account_id = :id::bigint AND c.kind IN (1, 2, 5) AND e.id IS NULL
-- postgres many body:
SELECT a.kind + 3, c.account_id, c.n, c.kind, c.order_id, a.currency, c.at,
    c.amount, 0::bigint, COALESCE(p.credit_tender, p.tender), 0::bigint
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

-- name: journal_day_add
-- many
INSERT INTO journal_days (currency, account, day, debit, credit)
VALUES (:currency::text, :account::text, :day::bigint, :debit::bigint,
    :credit::bigint)
ON CONFLICT (currency, account, day) DO UPDATE SET
    debit = journal_days.debit + excluded.debit,
    credit = journal_days.credit + excluded.credit

-- Whole days before a moment, and what is of its own day.
-- name: journal_balances
SELECT s.currency, s.account, SUM(s.debit)::bigint, SUM(s.credit)::bigint
FROM (SELECT currency, account, debit, credit FROM journal_days
        WHERE day < :day::bigint
    UNION ALL
    SELECT e.currency, l.account, l.debit, l.credit
    FROM journal_entries e
    JOIN journal_lines l ON l.entry_id = e.id
    WHERE e.at >= :from::bigint AND e.at < :to::bigint) s
GROUP BY s.currency, s.account
ORDER BY s.currency, s.account

-- name: journal_balances_of
SELECT s.currency, s.account, SUM(s.debit)::bigint, SUM(s.credit)::bigint
FROM (SELECT currency, account, debit, credit FROM journal_days
        WHERE currency = :currency::text AND day < :day::bigint
    UNION ALL
    SELECT e.currency, l.account, l.debit, l.credit
    FROM journal_entries e
    JOIN journal_lines l ON l.entry_id = e.id
    WHERE e.currency = :currency::text AND e.at >= :from::bigint
        AND e.at < :to::bigint) s
GROUP BY s.currency, s.account
ORDER BY s.currency, s.account

-- name: journal_page
SELECT id, kind, source_id, source_n, what, order_id, currency, at
FROM journal_entries
WHERE (at, id) < (:to::bigint, :before::bigint) AND at >= :from::bigint
ORDER BY at DESC, id DESC LIMIT :limit::bigint

-- name: journal_page_of
SELECT id, kind, source_id, source_n, what, order_id, currency, at
FROM journal_entries
WHERE order_id = :order_id::bigint
    AND (at, id) < (:to::bigint, :before::bigint) AND at >= :from::bigint
ORDER BY at DESC, id DESC LIMIT :limit::bigint

-- name: journal_at
SELECT at FROM journal_entries WHERE id = :id::bigint

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
        SUM(CASE WHEN account IN ('receivables', 'losses')
            THEN credit - debit ELSE 0 END)::bigint AS paid
    FROM journal_lines GROUP BY entry_id) l ON l.entry_id = e.id
WHERE t.type IN (2, 4, 5, 6) AND t.amount > 0
    AND (e.id IS NULL OR l.paid IS NULL OR l.paid
        <> CASE WHEN t.type IN (2, 6) THEN t.amount ELSE -t.amount END)
ORDER BY p.order_id

-- What is lost is what disputes took that were lost, of each payment.
-- name: journal_verify_losses
SELECT p.order_id
FROM (SELECT x.intent_id FROM (
        SELECT t.intent_id, CASE t.type WHEN 5 THEN t.amount ELSE -t.amount END
            AS amount
        FROM payment_transactions t
        WHERE t.type IN (5, 6) AND EXISTS (SELECT 1 FROM payment_transactions d
            WHERE d.intent_id = t.intent_id AND d.dispute_id = t.dispute_id
                AND d.type = 9)
        UNION ALL
        SELECT e.source_id, l.credit - l.debit
        FROM journal_lines l
        JOIN journal_entries e ON e.id = l.entry_id AND e.kind = 3
        WHERE l.account = 'losses') x
    GROUP BY x.intent_id HAVING SUM(x.amount) <> 0) bad
JOIN payment_intents p ON p.id = bad.intent_id
ORDER BY p.order_id

-- name: journal_verify_days
SELECT DISTINCT bad.account FROM (
    SELECT s.currency, s.account, s.day FROM (
        SELECT currency, account, day, debit, credit FROM journal_days
        UNION ALL
        SELECT e.currency, l.account, e.at / 86400000, -l.debit, -l.credit
        FROM journal_lines l
        JOIN journal_entries e ON e.id = l.entry_id) s
    GROUP BY s.currency, s.account, s.day
    HAVING SUM(s.debit) <> 0 OR SUM(s.credit) <> 0) bad
ORDER BY bad.account

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
