-- payment_credit.sql - gift cards, store credit and their entries.

-- name: credit_account_insert
INSERT INTO credit_accounts (id, bucket, kind, currency, balance, code_hash,
    code_end, customer_id, expires_at, version, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :kind::bigint, :currency::text, 0,
    :code_hash::text, :code_end::text, :customer_id::bigint,
    :expires_at::bigint, 1, :now::bigint, :now::bigint)
ON CONFLICT DO NOTHING

-- name: credit_account_row
SELECT id, kind, currency, balance, COALESCE(code_end, ''),
    COALESCE(customer_id, 0), COALESCE(expires_at, 0),
    COALESCE(disabled_at, 0), version, created_at, updated_at
FROM credit_accounts WHERE id = :id::bigint

-- name: credit_account_lock
SELECT id, kind, currency, balance, COALESCE(code_end, ''),
    COALESCE(customer_id, 0), COALESCE(expires_at, 0),
    COALESCE(disabled_at, 0), version, created_at, updated_at
FROM credit_accounts WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: credit_account_by_code
SELECT id, kind, currency, balance, COALESCE(code_end, ''),
    COALESCE(customer_id, 0), COALESCE(expires_at, 0),
    COALESCE(disabled_at, 0), version, created_at, updated_at
FROM credit_accounts WHERE code_hash = :code_hash::text

-- name: credit_account_by_customer
SELECT id, kind, currency, balance, COALESCE(code_end, ''),
    COALESCE(customer_id, 0), COALESCE(expires_at, 0),
    COALESCE(disabled_at, 0), version, created_at, updated_at
FROM credit_accounts WHERE customer_id = :customer_id::bigint
ORDER BY currency

-- Below 0 no row is changed.
-- name: credit_account_move
UPDATE credit_accounts SET balance = balance + :amount::bigint,
    version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint
    AND balance + :amount::bigint >= 0

-- name: credit_account_disable
UPDATE credit_accounts SET disabled_at = :now::bigint, version = version + 1,
    updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: credit_account_entry_add
INSERT INTO credit_entries (account_id, n, bucket, kind, amount, order_id,
    intent_id, refund_id, reference, at)
VALUES (:account_id::bigint, :n::bigint, :bucket::bigint, :kind::bigint,
    :amount::bigint, :order_id::bigint, :intent_id::bigint,
    :refund_id::bigint, :reference::text, :at::bigint)

-- name: credit_account_entry_next
SELECT COALESCE(MAX(n), 0) + 1 FROM credit_entries
WHERE account_id = :account_id::bigint

-- name: credit_account_entry_list
SELECT n, kind, amount, COALESCE(order_id, 0), COALESCE(intent_id, 0),
    COALESCE(refund_id, 0), COALESCE(reference, ''), at
FROM credit_entries WHERE account_id = :account_id::bigint
ORDER BY n DESC LIMIT :limit::bigint

-- ---- verify ----

-- name: credit_account_verify_sums
SELECT a.id FROM credit_accounts a
LEFT JOIN (SELECT account_id, SUM(amount)::bigint AS total, COUNT(n) AS entries,
        MAX(n) AS last
    FROM credit_entries GROUP BY account_id) e ON e.account_id = a.id
WHERE a.balance <> COALESCE(e.total, 0)
    OR COALESCE(e.entries, 0) <> COALESCE(e.last, 0)
    OR (a.kind = 1) <> (a.code_hash IS NOT NULL)
    OR (a.kind = 2) <> (a.customer_id IS NOT NULL)
ORDER BY a.id

-- What payments took of accounts and gave back, beside their own sums.
-- name: credit_account_verify_payments
SELECT i.id FROM payment_intents i
LEFT JOIN (SELECT intent_id, SUM(CASE WHEN kind = 3 THEN amount ELSE 0 END)
            ::bigint AS paid,
        SUM(CASE WHEN kind = 4 THEN amount ELSE 0 END)::bigint AS back
    FROM credit_entries WHERE intent_id IS NOT NULL AND kind <> 5
    GROUP BY intent_id) e ON e.intent_id = i.id
WHERE (i.credit_id IS NOT NULL
        AND (i.captured + COALESCE(e.paid, 0) <> 0
            OR COALESCE(e.back, 0) > i.refunded))
    OR (i.credit_id IS NULL AND e.intent_id IS NOT NULL)
ORDER BY i.id
