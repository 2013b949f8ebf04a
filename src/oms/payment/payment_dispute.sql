-- payment_dispute.sql - what buyers' banks took back.

-- name: dispute_add
INSERT INTO payment_disputes (id, bucket, payment_id, gateway_ref, reason,
    due_at, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :payment_id::bigint,
    :gateway_ref::text, :reason::text, :due_at::bigint, :now::bigint,
    :now::bigint)

-- name: dispute_save
UPDATE payment_disputes SET reason = :reason::text, due_at = :due_at::bigint,
    answer = :answer::text, answered_at = :answered_at::bigint,
    updated_at = :now::bigint
WHERE id = :id::bigint

-- name: dispute_list
SELECT id, gateway_ref, reason, due_at, answer, answered_at, created_at
FROM payment_disputes WHERE payment_id = :payment_id::bigint
ORDER BY id

-- ---- verify ----

-- name: dispute_verify
SELECT t.intent_id FROM payment_transactions t
LEFT JOIN payment_disputes d ON d.id = t.dispute_id
WHERE t.dispute_id IS NOT NULL
    AND (d.payment_id IS NULL OR d.payment_id <> t.intent_id
        OR t.type NOT IN (5, 6, 9))
ORDER BY t.intent_id, t.n

-- name: dispute_verify_bare
SELECT d.payment_id FROM payment_disputes d
WHERE NOT EXISTS (SELECT 1 FROM payment_transactions t
    WHERE t.intent_id = d.payment_id AND t.dispute_id = d.id)
ORDER BY d.payment_id
