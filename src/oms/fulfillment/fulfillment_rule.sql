-- fulfillment_rule.sql - channels that ask for other payments than before.

-- name: fulfillment_rule_find
SELECT payment_release FROM fulfillment_rules
WHERE channel_id = :channel_id::bigint

-- name: fulfillment_rule_save
INSERT INTO fulfillment_rules (channel_id, payment_release, event_id, after_id,
    is_due)
VALUES (:channel_id::bigint, :payment_release::bigint, :event_id::bigint, 0, 1)
ON CONFLICT (channel_id) DO UPDATE SET
    payment_release = excluded.payment_release, event_id = excluded.event_id,
    after_id = 0, is_due = 1

-- name: fulfillment_rule_due
SELECT channel_id, event_id, after_id FROM fulfillment_rules
WHERE is_due = 1 AND channel_id > :after::bigint
ORDER BY channel_id LIMIT :limit::bigint

-- name: fulfillment_rule_move
UPDATE fulfillment_rules SET after_id = :after_id::bigint,
    is_due = :is_due::bigint
WHERE channel_id = :channel_id::bigint
