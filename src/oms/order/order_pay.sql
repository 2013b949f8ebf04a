-- order_pay.sql - what is known of an order's payments.

-- NULL is nothing: an order without payments stores none of it.
-- name: order_pay_save
UPDATE orders SET pay_pending = :pending::bigint,
    pay_authorized = :authorized::bigint, pay_captured = :captured::bigint,
    pay_refunded = :refunded::bigint, pay_disputed = :disputed::bigint
WHERE bucket = :bucket::bigint AND id = :id::bigint
