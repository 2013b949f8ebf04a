-- payment.sql - payments of orders and their transactions.

-- name: payment_insert
INSERT INTO payment_intents (id, bucket, order_id, tender, state, currency,
    amount, pending, authorized, captured, refunded, disputed, reference,
    credit_id, credit_tender, version, created_at, updated_at, account_id,
    token, method, epoch, due_at)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :tender::bigint,
    :state::bigint, :currency::text, :amount::bigint, :pending::bigint,
    :authorized::bigint, :captured::bigint, :refunded::bigint,
    :disputed::bigint, :reference::text, :credit_id::bigint,
    :credit_tender::bigint, 1, :now::bigint, :now::bigint,
    :account_id::bigint, :token::text, :method::text, :epoch::text,
    :due_at::bigint)

-- name: payment_save
UPDATE payment_intents SET state = :state::bigint, pending = :pending::bigint,
    authorized = :authorized::bigint, captured = :captured::bigint,
    refunded = :refunded::bigint, disputed = :disputed::bigint,
    gateway_ref = :gateway_ref::text, token = :token::text,
    expires_at = :expires_at::bigint, epoch = :epoch::text,
    watch_at = :watch_at::bigint,
    version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: payment_row
SELECT id, order_id, COALESCE(credit_tender, tender), currency, amount, state,
    pending, authorized, captured, refunded, disputed, reference, version,
    created_at, updated_at, COALESCE(credit_id, 0), account_id, gateway_ref,
    token, method, expires_at, epoch, due_at, watch_at
FROM payment_intents WHERE id = :id::bigint

-- name: payment_of_order
SELECT id, order_id, COALESCE(credit_tender, tender), currency, amount, state,
    pending, authorized, captured, refunded, disputed, reference, version,
    created_at, updated_at, COALESCE(credit_id, 0), account_id, gateway_ref,
    token, method, expires_at, epoch, due_at, watch_at
FROM payment_intents WHERE order_id = :order_id::bigint
ORDER BY id

-- name: payment_watch_due
SELECT id FROM payment_intents WHERE watch_at <= :now::bigint
ORDER BY watch_at LIMIT 2

-- What nobody sees of it, so no version and no event.
-- name: payment_watch_save
UPDATE payment_intents SET watch_at = :watch_at::bigint WHERE id = :id::bigint

-- name: payment_watch_next_at
SELECT MIN(watch_at) FROM payment_intents WHERE watch_at IS NOT NULL

-- name: payment_transaction_add
INSERT INTO payment_transactions (intent_id, n, bucket, type, origin, amount,
    event_key, reference, occurred_at, received_at, dispute_id, expires_at)
VALUES (:intent_id::bigint, :n::bigint, :bucket::bigint, :type::bigint,
    :origin::bigint, :amount::bigint, :event_key::text, :reference::text,
    :occurred_at::bigint, :received_at::bigint, :dispute_id::bigint,
    :expires_at::bigint)

-- name: payment_transaction_list
SELECT n, type, origin, amount, event_key, reference, occurred_at,
    received_at, dispute_id, expires_at
FROM payment_transactions WHERE intent_id = :intent_id::bigint
ORDER BY n

-- ---- verify ----

-- name: payment_verify_rows
SELECT id, order_id, COALESCE(credit_tender, tender), currency, amount, state,
    pending, authorized, captured, refunded, disputed, reference, version,
    created_at, updated_at, COALESCE(credit_id, 0), account_id, gateway_ref,
    token, method, expires_at, epoch, due_at, watch_at
FROM payment_intents ORDER BY id

-- name: payment_verify_orders
SELECT o.id FROM orders o
LEFT JOIN (SELECT order_id, SUM(pending)::bigint AS pending,
        SUM(authorized)::bigint AS authorized,
        SUM(captured)::bigint AS captured, SUM(refunded)::bigint AS refunded,
        SUM(disputed)::bigint AS disputed
    FROM payment_intents GROUP BY order_id) p ON p.order_id = o.id
WHERE COALESCE(o.pay_pending, 0) <> COALESCE(p.pending, 0)
    OR COALESCE(o.pay_authorized, 0) <> COALESCE(p.authorized, 0)
    OR COALESCE(o.pay_captured, 0) <> COALESCE(p.captured, 0)
    OR COALESCE(o.pay_refunded, 0) <> COALESCE(p.refunded, 0)
    OR COALESCE(o.pay_disputed, 0) <> COALESCE(p.disputed, 0)
ORDER BY o.id

-- name: payment_verify_stray
SELECT i.id FROM payment_intents i
LEFT JOIN orders o ON o.id = i.order_id
WHERE o.id IS NULL OR o.currency <> i.currency
ORDER BY i.id
