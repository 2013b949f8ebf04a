-- payment_fx.sql - rates of exchange, and what payments came to in the books.

-- name: fx_rate_add
INSERT INTO fx_rates (id, currency, books, rate, valid_from, source,
    created_at)
VALUES (:id::bigint, :currency::text, :books::text, :rate::bigint,
    :valid_from::bigint, :source::text, :now::bigint)
ON CONFLICT (currency, valid_from) DO NOTHING

-- name: fx_books
SELECT books, decided_at, walk_after FROM fx_books

-- Whoever comes second waits for the first, and sees what it is.
-- name: fx_books_decide
INSERT INTO fx_books (one, books, decided_at, walk_after)
VALUES (1, :books::text, :now::bigint, 0)
ON CONFLICT (one) DO NOTHING

-- name: fx_books_walked
UPDATE fx_books SET walk_after = :walk_after::bigint

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
INSERT INTO payment_exchanges (intent_id, n, bucket, is_open, rate, amount,
    currency, wants_at)
VALUES (:intent_id::bigint, :n::bigint, :bucket::bigint, :is_open::bigint,
    :rate::bigint, :amount::bigint, :currency::text, :wants_at::bigint)
ON CONFLICT (intent_id, n) DO UPDATE SET is_open = excluded.is_open,
    rate = excluded.rate, amount = excluded.amount,
    currency = excluded.currency, wants_at = excluded.wants_at

-- ---- captures without a rate ----

-- Those that a rate of that moment on fixes, in the order of their orders; of
-- that very moment those after a payment.
-- name: fx_open
SELECT p.order_id, e.intent_id, MAX(e.wants_at)
FROM (SELECT intent_id, wants_at FROM payment_exchanges
    WHERE currency = :currency::text AND wants_at >= :from::bigint
        AND (wants_at > :from::bigint OR intent_id > :after::bigint)
    ORDER BY wants_at, intent_id LIMIT :limit::bigint) e
JOIN payment_intents p ON p.id = e.intent_id
GROUP BY p.order_id, e.intent_id
ORDER BY p.order_id, e.intent_id

-- The currencies that one is wanted in, one step of the index each, and since
-- when there is one, and the last that waits: -1 is never.
-- name: fx_wanted
WITH RECURSIVE wanted(currency) AS (
    SELECT MIN(currency) FROM payment_exchanges WHERE wants_at IS NOT NULL
    UNION ALL
    SELECT (SELECT MIN(e.currency) FROM payment_exchanges e
        WHERE e.wants_at IS NOT NULL AND e.currency > w.currency)
    FROM wanted w WHERE w.currency IS NOT NULL)
SELECT w.currency, COALESCE((SELECT MIN(r.valid_from) FROM fx_rates r
    WHERE r.currency = w.currency), -1),
    COALESCE((SELECT MAX(e.wants_at) FROM payment_exchanges e
    WHERE e.currency = w.currency AND e.wants_at IS NOT NULL), -1)
FROM wanted w WHERE w.currency IS NOT NULL
ORDER BY w.currency

-- Payments from before the books: up to which one a turn looks, and those of
-- them that something was taken of.
-- name: fx_walk_end
SELECT MAX(id) FROM (SELECT id FROM payment_intents WHERE id > :after::bigint
    ORDER BY id LIMIT :limit::bigint) p

-- name: fx_walk
SELECT p.order_id, p.id FROM payment_intents p
WHERE p.id > :after::bigint AND p.id <= :end::bigint
    AND p.currency <> :books::text AND p.captured > 0
    AND NOT EXISTS (SELECT 1 FROM payment_exchanges e WHERE e.intent_id = p.id)
ORDER BY p.order_id, p.id

-- name: fx_waits
SELECT id, currency, is_open FROM fx_waits ORDER BY currency

-- name: fx_wait_put
INSERT INTO fx_waits (id, currency, is_open, changed_at)
VALUES (:id::bigint, :currency::text, :is_open::bigint, :now::bigint)
ON CONFLICT (currency) DO UPDATE SET is_open = excluded.is_open,
    changed_at = excluded.changed_at
WHERE fx_waits.is_open <> excluded.is_open

-- ---- verify ----

-- name: fx_verify_payments
SELECT DISTINCT e.intent_id FROM payment_exchanges e ORDER BY e.intent_id

-- A capture's rate is one that was recorded for that moment.
-- name: fx_verify_rates
SELECT e.intent_id FROM payment_exchanges e
LEFT JOIN payment_intents p ON p.id = e.intent_id
LEFT JOIN payment_transactions t ON t.intent_id = e.intent_id AND t.n = e.n
WHERE p.id IS NULL OR t.n IS NULL OR t.type NOT IN (2, 4, 5, 6)
    OR (e.rate > 0 AND t.type <> 2)
    OR (e.rate = 0 AND t.type = 2 AND e.is_open = 0)
    OR COALESCE(e.wants_at, -1)
        <> CASE WHEN t.type = 2 AND e.rate = 0 THEN t.occurred_at ELSE -1 END
    OR (e.wants_at IS NOT NULL AND COALESCE(e.currency, '') <> p.currency)
    OR (e.rate > 0 AND NOT EXISTS (SELECT 1 FROM fx_rates r
        WHERE r.currency = p.currency AND r.rate = e.rate
            AND r.valid_from <= t.occurred_at))
ORDER BY e.intent_id
