-- payment_hook.sql - what gateways told by themselves.

-- name: gateway_event_add
INSERT INTO gateway_events (id, account_id, event_id, body, state, tries,
    next_at, error, received_at)
VALUES (:id::bigint, :account_id::bigint, :event_id::text, :body::text, 1, 0,
    :received_at::bigint, '', :received_at::bigint)
ON CONFLICT (account_id, event_id) DO NOTHING

-- name: gateway_event_lock
SELECT id, account_id, event_id, state, payment_id, transaction_n, awaits,
    tries, next_at, error, received_at, ended_at, body
FROM gateway_events
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: gateway_event_save
UPDATE gateway_events SET state = :state::bigint,
    payment_id = :payment_id::bigint, transaction_n = :transaction_n::bigint,
    awaits = :awaits::text, tries = :tries::bigint, next_at = :next_at::bigint,
    error = :error::text, ended_at = :ended_at::bigint
WHERE id = :id::bigint

-- Newest first; state 0: all.
-- name: gateway_event_page
SELECT id, account_id, event_id, state, payment_id, transaction_n, awaits,
    tries, next_at, error, received_at, ended_at
FROM gateway_events
WHERE account_id = :account_id::bigint AND id < :before::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- name: gateway_event_due
SELECT id FROM gateway_events
WHERE state IN (1, 2) AND next_at <= :now::bigint
ORDER BY next_at, id
LIMIT :limit::bigint

-- name: gateway_event_next_at
SELECT MIN(next_at) FROM gateway_events WHERE state IN (1, 2)

-- What waits for a payment whose gateway has answered.
-- name: gateway_event_wake
UPDATE gateway_events SET next_at = :now::bigint
WHERE state = 2 AND account_id = :account_id::bigint
    AND awaits IN (:payment::text, :gateway_ref::text)

-- name: gateway_event_forget
DELETE FROM gateway_events
WHERE id IN (SELECT id FROM gateway_events
    WHERE ended_at < :before::bigint
    ORDER BY ended_at LIMIT :limit::bigint)

-- name: gateway_event_payment
SELECT id FROM payment_intents
WHERE id = :id::bigint AND account_id = :account_id::bigint

-- name: gateway_event_payment_by_ref
SELECT id FROM payment_intents
WHERE account_id = :account_id::bigint AND gateway_ref = :gateway_ref::text
ORDER BY id
LIMIT 2

-- ---- verify ----

-- name: gateway_event_verify
SELECT e.id FROM gateway_events e
LEFT JOIN payment_intents p ON p.id = e.payment_id
LEFT JOIN payment_transactions t ON t.intent_id = e.payment_id
    AND t.n = e.transaction_n
WHERE NOT EXISTS (SELECT 1 FROM gateway_accounts a WHERE a.id = e.account_id)
    OR (e.payment_id IS NOT NULL
        AND (p.account_id IS NULL OR p.account_id <> e.account_id))
    OR (e.state = 3 AND t.n IS NULL)
ORDER BY e.id
