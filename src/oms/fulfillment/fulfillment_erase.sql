-- fulfillment_erase.sql - what fulfillment orders say of people, taken out.

-- One on hold keeps a reason; the house's own names nobody.
-- name: fulfillment_erase
UPDATE fulfillment_orders SET request = json_remove(request, '$.message'),
    hold_reason = CASE WHEN hold_reason IN (:unpaid::text, :closed::text, :order_hold::text)
        THEN hold_reason WHEN hold_reason IS NOT NULL THEN :erased::text END,
    updated_at = :updated_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND (request ->> 'message' IS NOT NULL OR hold_reason
        NOT IN (:unpaid::text, :closed::text, :order_hold::text, :erased::text))
RETURNING id, version
-- postgres body:
UPDATE fulfillment_orders SET request = request - 'message',
    hold_reason = CASE WHEN hold_reason IN (:unpaid::text, :closed::text, :order_hold::text)
        THEN hold_reason WHEN hold_reason IS NOT NULL THEN :erased::text END,
    updated_at = :updated_at::bigint, version = version + 1
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND (request ->> 'message' IS NOT NULL OR hold_reason
        NOT IN (:unpaid::text, :closed::text, :order_hold::text, :erased::text))
RETURNING id, version
