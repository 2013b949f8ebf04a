-- payment_fx.sql - rates of exchange, and what payments came to in the books.

-- name: fx_rate_add
INSERT INTO fx_rates (id, currency, books, rate, valid_from, source,
    created_at)
VALUES (:id::bigint, :currency::text, :books::text, :rate::bigint,
    :valid_from::bigint, :source::text, :now::bigint)
ON CONFLICT (currency, valid_from) DO NOTHING

-- name: fx_books
SELECT books FROM fx_rates ORDER BY id LIMIT 1

-- name: fx_rate_at
SELECT rate FROM fx_rates
WHERE currency = :currency::text AND valid_from <= :at::bigint
ORDER BY valid_from DESC LIMIT 1

-- name: fx_rate_page
SELECT id, currency, books, rate, valid_from, source, created_at FROM fx_rates
WHERE id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: fx_rate_page_of
SELECT id, currency, books, rate, valid_from, source, created_at FROM fx_rates
WHERE id < :before::bigint AND currency = :currency::text
ORDER BY id DESC LIMIT :limit::bigint

-- name: fx_list
SELECT n, is_open, rate, amount FROM payment_exchanges
WHERE intent_id = :intent_id::bigint
ORDER BY n

-- name: fx_put
-- many
INSERT INTO payment_exchanges (intent_id, n, bucket, is_open, rate, amount)
VALUES (:intent_id::bigint, :n::bigint, :bucket::bigint, :is_open::bigint,
    :rate::bigint, :amount::bigint)
ON CONFLICT (intent_id, n) DO UPDATE SET is_open = excluded.is_open,
    rate = excluded.rate, amount = excluded.amount

-- Payments with a capture that a rate of that moment on may fix.
-- name: fx_open
SELECT DISTINCT p.order_id, e.intent_id FROM payment_exchanges e
JOIN payment_intents p ON p.id = e.intent_id AND p.currency = :currency::text
JOIN payment_transactions t ON t.intent_id = e.intent_id AND t.n = e.n
    AND t.type = 2 AND t.occurred_at >= :from::bigint
WHERE e.is_open = 1
ORDER BY p.order_id, e.intent_id LIMIT :limit::bigint

-- ---- verify ----

-- name: fx_verify_payments
SELECT DISTINCT e.intent_id FROM payment_exchanges e ORDER BY e.intent_id

-- A capture's rate is one that was recorded for that moment.
-- name: fx_verify_rates
SELECT e.intent_id FROM payment_exchanges e
LEFT JOIN payment_intents p ON p.id = e.intent_id
LEFT JOIN payment_transactions t ON t.intent_id = e.intent_id AND t.n = e.n
WHERE p.id IS NULL OR t.n IS NULL OR t.type NOT IN (2, 4, 5, 6)
    OR ((t.type = 2 AND e.is_open = 0) <> (e.rate > 0))
    OR (e.rate > 0 AND NOT EXISTS (SELECT 1 FROM fx_rates r
        WHERE r.currency = p.currency AND r.rate = e.rate
            AND r.valid_from <= t.occurred_at))
ORDER BY e.intent_id
