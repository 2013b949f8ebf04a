-- payment_refund.sql - refunds, what they are for and whom they pay.

-- name: refund_insert
INSERT INTO refunds (id, bucket, order_id, state, currency, amount, shipping,
    shipping_tax, fees, fees_tax, allowance, customer_id, reason, reference,
    version, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :state::bigint,
    :currency::text, :amount::bigint, :shipping::bigint,
    :shipping_tax::bigint, :fees::bigint, :fees_tax::bigint,
    :allowance::bigint, :customer_id::bigint, :reason::text, :reference::text, 1,
    :now::bigint, :now::bigint)

-- name: refund_line_insert
-- many
INSERT INTO refund_lines (refund_id, n, bucket, qty, amount, tax)
VALUES (:refund_id::bigint, :n::bigint, :bucket::bigint, :qty::bigint,
    :amount::bigint, :tax::bigint)

-- name: refund_part_insert
-- many
INSERT INTO refund_parts (refund_id, intent_id, bucket, state, amount)
VALUES (:refund_id::bigint, :intent_id::bigint, :bucket::bigint,
    :state::bigint, :amount::bigint)

-- name: refund_save
UPDATE refunds SET state = :state::bigint, amount = :amount::bigint,
    reference = :reference::text,
    version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: refund_part_save
UPDATE refund_parts SET state = :state::bigint, amount = :amount::bigint
WHERE refund_id = :refund_id::bigint AND intent_id = :intent_id::bigint

-- name: refund_row
SELECT id, order_id, state, currency, amount, shipping, shipping_tax, fees,
    fees_tax, allowance, reason, reference, version, created_at, updated_at,
    COALESCE(customer_id, 0)
FROM refunds WHERE id = :id::bigint

-- name: refund_of_order
SELECT id, order_id, state, currency, amount, shipping, shipping_tax, fees,
    fees_tax, allowance, reason, reference, version, created_at, updated_at,
    COALESCE(customer_id, 0)
FROM refunds WHERE order_id = :order_id::bigint
ORDER BY id

-- name: refund_count
SELECT COUNT(*) FROM refunds WHERE order_id = :order_id::bigint

-- name: refund_line_list
SELECT n, qty, amount, tax FROM refund_lines
WHERE refund_id = :refund_id::bigint
ORDER BY n

-- name: refund_part_list
SELECT p.intent_id, p.amount, COALESCE(i.credit_tender, i.tender), p.state FROM refund_parts p
JOIN payment_intents i ON i.id = p.intent_id
WHERE p.refund_id = :refund_id::bigint
ORDER BY p.intent_id DESC

-- name: refund_pending_list
SELECT p.intent_id, SUM(p.amount)::bigint FROM refunds r
JOIN refund_parts p ON p.refund_id = r.id AND p.state = 1
WHERE r.order_id = :order_id::bigint
GROUP BY p.intent_id

-- ---- verify ----

-- The parts of each refund, their sum and their states.
-- name: refund_verify_sums
SELECT r.id FROM refunds r
LEFT JOIN (SELECT refund_id, SUM(amount)::bigint AS amount,
        MAX(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS pending,
        MAX(CASE WHEN state = 3 THEN 1 ELSE 0 END) AS failed,
        MAX(CASE WHEN state = 4 THEN 1 ELSE 0 END) AS cancelled
    FROM refund_parts GROUP BY refund_id) p ON p.refund_id = r.id
WHERE r.amount <> COALESCE(p.amount, 0)
    OR r.state <> CASE WHEN p.pending = 1 THEN 1 WHEN p.failed = 1 THEN 3
        WHEN p.cancelled = 1 THEN 4 ELSE 2 END
ORDER BY r.id

-- What refunds wrote off, beside what the order lines say of it.
-- name: refund_verify_lines
SELECT o.id FROM orders o
JOIN (SELECT r.order_id, l.n, SUM(l.qty)::bigint AS qty,
        SUM(l.amount)::bigint AS amount, SUM(l.tax)::bigint AS tax
    FROM refund_lines l JOIN refunds r ON r.id = l.refund_id
    GROUP BY r.order_id, l.n) w ON w.order_id = o.id
LEFT JOIN order_lines n ON n.order_id = o.id AND n.n = w.n
WHERE n.n IS NULL OR w.qty > COALESCE(n.written_off, 0)
ORDER BY o.id

-- name: refund_verify_charges
SELECT o.id FROM orders o
JOIN (SELECT order_id, SUM(fees)::bigint AS fees,
        SUM(fees_tax)::bigint AS fees_tax, SUM(allowance)::bigint AS allowance
    FROM refunds GROUP BY order_id) r ON r.order_id = o.id
WHERE r.fees > COALESCE(o.fees_off, 0)
    OR r.fees_tax > COALESCE(o.fees_tax_off, 0)
    OR r.allowance > COALESCE(o.allowance_now, 0)
ORDER BY o.id

-- name: refund_verify_tenders
SELECT i.id FROM payment_intents i
JOIN (SELECT p.intent_id, r.order_id, SUM(p.amount)::bigint AS given
    FROM refund_parts p JOIN refunds r ON r.id = p.refund_id
    WHERE p.state = 2 GROUP BY p.intent_id, r.order_id) g ON g.intent_id = i.id
WHERE g.given > i.refunded OR g.given > i.captured OR g.order_id <> i.order_id
ORDER BY i.id
