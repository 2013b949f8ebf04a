-- analytics.sql - the sums that reports are made of, and what fills them.

-- name: report_sum_find
SELECT fact, quarter_at, of_id, part, currency, n, units, amount
FROM report_sums
WHERE fact = :fact::bigint AND quarter_at = :quarter_at::bigint
    AND of_id = :of_id::bigint AND part = :part::text
    AND currency = :currency::text
-- postgres many body:
SELECT s.fact, s.quarter_at, s.of_id, s.part, s.currency, s.n, s.units,
    s.amount
FROM unnest(:fact::bigint[], :quarter_at::bigint[], :of_id::bigint[],
    :part::text[], :currency::text[])
    AS k(fact, quarter_at, of_id, part, currency)
JOIN report_sums s ON s.fact = k.fact AND s.quarter_at = k.quarter_at
    AND s.of_id = k.of_id AND s.part = k.part AND s.currency = k.currency

-- name: report_sum_save
-- later
-- many
INSERT INTO report_sums (fact, quarter_at, of_id, part, currency, n, units,
    amount)
VALUES (:fact::bigint, :quarter_at::bigint, :of_id::bigint, :part::text,
    :currency::text, :n::bigint, :units::bigint, :amount::bigint)
ON CONFLICT (fact, quarter_at, of_id, part, currency) DO UPDATE SET
    n = excluded.n, units = excluded.units, amount = excluded.amount

-- A span of one fact, in thousand millions of minor units and what is over,
-- so that no sum leaves 63 bits; grouped by time,

-- name: report_span_time
SELECT quarter_at, currency, SUM(n)::bigint, SUM(units)::bigint,
    SUM(amount / 1000000000)::bigint, SUM(amount % 1000000000)::bigint
FROM report_sums
WHERE fact = :fact::bigint AND quarter_at >= :since::bigint
    AND quarter_at < :until::bigint
    AND (:of_id::bigint = 0 OR of_id = :of_id::bigint)
GROUP BY quarter_at, currency

-- by whose it is,

-- name: report_span_of
SELECT of_id, currency, SUM(n)::bigint, SUM(units)::bigint,
    SUM(amount / 1000000000)::bigint, SUM(amount % 1000000000)::bigint
FROM report_sums
WHERE fact = :fact::bigint AND quarter_at >= :since::bigint
    AND quarter_at < :until::bigint
    AND (:of_id::bigint = 0 OR of_id = :of_id::bigint)
GROUP BY of_id, currency

-- and by what the fact names.

-- name: report_span_part
SELECT part, currency, SUM(n)::bigint, SUM(units)::bigint,
    SUM(amount / 1000000000)::bigint, SUM(amount % 1000000000)::bigint
FROM report_sums
WHERE fact = :fact::bigint AND quarter_at >= :since::bigint
    AND quarter_at < :until::bigint
    AND (:of_id::bigint = 0 OR of_id = :of_id::bigint)
GROUP BY part, currency

-- ---- what fills them ----

-- name: report_order
-- hot
SELECT id, channel_id, currency, placed_at, total_minor, discount_minor,
    shipping_minor, tax_minor, COALESCE(doc -> 'shipping_address' ->> 'country',
    doc -> 'billing_address' ->> 'country', '')
FROM orders WHERE bucket = :bucket::bigint AND id = :id::bigint
-- postgres many body:
SELECT o.id, o.channel_id, o.currency, o.placed_at, o.total_minor,
    o.discount_minor, o.shipping_minor, o.tax_minor,
    COALESCE(o.doc -> 'shipping_address' ->> 'country',
    o.doc -> 'billing_address' ->> 'country', '')
FROM unnest(:bucket::bigint[], :id::bigint[]) AS k(bucket, id)
JOIN orders o ON o.bucket = k.bucket AND o.id = k.id

-- As placed: lines that came with a change stand for themselves.
-- name: report_line
-- many
SELECT order_id, sku_code, ordered - COALESCE(added, 0), total_minor
FROM order_lines
WHERE order_id = :order_id::bigint AND ordered > COALESCE(added, 0)
-- postgres many body:
SELECT order_id, sku_code, ordered - COALESCE(added, 0), total_minor
FROM order_lines
WHERE order_id = ANY(:order_id::bigint[]) AND ordered > COALESCE(added, 0)

-- name: report_return
-- many
SELECT r.id, r.channel_id, l.reason, l.qty
FROM returns r JOIN return_lines l ON l.return_id = r.id
WHERE r.id = :id::bigint
-- postgres many body:
SELECT r.id, r.channel_id, l.reason, l.qty
FROM returns r JOIN return_lines l ON l.return_id = r.id
WHERE r.id = ANY(:id::bigint[])

-- When the stages of a fulfillment order were over, 0 where they were not.
-- name: report_stages
-- many
SELECT f.id, f.location_id, o.placed_at,
    COALESCE(MIN(CASE WHEN e.type = 'fulfillment_order.opened'
        THEN e.at END), 0),
    COALESCE(MIN(CASE WHEN e.type = 'fulfillment_order.started'
        THEN e.at END), 0),
    COALESCE(MAX(CASE WHEN e.type = 'fulfillment_order.picked'
        THEN e.at END), 0),
    COALESCE(MAX(CASE WHEN e.type = 'fulfillment_order.packed'
        THEN e.at END), 0)
FROM fulfillment_orders f
JOIN orders o ON o.bucket = f.bucket AND o.id = f.order_id
JOIN events e ON e.subject_id = f.id
WHERE f.id = :id::bigint
GROUP BY f.id, f.location_id, o.placed_at
-- postgres many body:
SELECT f.id, f.location_id, o.placed_at,
    COALESCE(MIN(CASE WHEN e.type = 'fulfillment_order.opened'
        THEN e.at END), 0),
    COALESCE(MIN(CASE WHEN e.type = 'fulfillment_order.started'
        THEN e.at END), 0),
    COALESCE(MAX(CASE WHEN e.type = 'fulfillment_order.picked'
        THEN e.at END), 0),
    COALESCE(MAX(CASE WHEN e.type = 'fulfillment_order.packed'
        THEN e.at END), 0)
FROM fulfillment_orders f
JOIN orders o ON o.bucket = f.bucket AND o.id = f.order_id
JOIN events e ON e.subject_id = f.id
WHERE f.id = ANY(:id::bigint[])
GROUP BY f.id, f.location_id, o.placed_at

-- A parcel to the buyer that was shipped, and the how many-th of its order.
-- name: report_parcel
-- many
SELECT p.id, p.location_id, o.channel_id, p.carrier, p.service, p.weight_g,
    COALESCE(p.currency, ''), COALESCE(p.cost_minor, 0), p.shipped_at,
    COALESCE(p.delivered_at, 0), f.promise_at, o.placed_at,
    (SELECT COUNT(*) FROM packages q
        WHERE q.bucket = p.bucket AND q.order_id = p.order_id
            AND q.returns_id IS NULL
            AND (q.shipped_at < p.shipped_at
                OR (q.shipped_at = p.shipped_at AND q.id <= p.id)))
FROM packages p
JOIN orders o ON o.bucket = p.bucket AND o.id = p.order_id
JOIN fulfillment_orders f ON f.id = p.fo_id
WHERE p.id = :id::bigint AND p.returns_id IS NULL AND p.shipped_at > 0
-- postgres many body:
SELECT p.id, p.location_id, o.channel_id, p.carrier, p.service, p.weight_g,
    COALESCE(p.currency, ''), COALESCE(p.cost_minor, 0), p.shipped_at,
    COALESCE(p.delivered_at, 0), f.promise_at, o.placed_at,
    (SELECT COUNT(*) FROM packages q
        WHERE q.bucket = p.bucket AND q.order_id = p.order_id
            AND q.returns_id IS NULL
            AND (q.shipped_at < p.shipped_at
                OR (q.shipped_at = p.shipped_at AND q.id <= p.id)))
FROM packages p
JOIN orders o ON o.bucket = p.bucket AND o.id = p.order_id
JOIN fulfillment_orders f ON f.id = p.fo_id
WHERE p.id = ANY(:id::bigint[]) AND p.returns_id IS NULL AND p.shipped_at > 0

-- ---- names, and what is read as it is ----

-- name: report_channel_code
-- many
SELECT id, code FROM channels WHERE id = :id::bigint
-- postgres many body:
SELECT id, code FROM channels WHERE id = ANY(:id::bigint[])

-- name: report_location_code
-- many
SELECT id, code FROM locations WHERE id = :id::bigint
-- postgres many body:
SELECT id, code FROM locations WHERE id = ANY(:id::bigint[])

-- name: report_stock
-- many
SELECT s.code, SUM(l.on_hand - l.committed - l.reserved - l.damaged
    - l.quality_control - l.held)::bigint
FROM skus s JOIN levels l ON l.sku_id = s.id
WHERE s.code = :code::text
GROUP BY s.code
-- postgres many body:
SELECT s.code, SUM(l.on_hand - l.committed - l.reserved - l.damaged
    - l.quality_control - l.held)::bigint
FROM skus s JOIN levels l ON l.sku_id = s.id
WHERE s.code = ANY(:code::text[])
GROUP BY s.code

-- name: report_buyers
SELECT customer_id, currency, COUNT(*)::bigint,
    SUM(total_minor / 1000000000)::bigint,
    SUM(total_minor % 1000000000)::bigint
FROM customer_orders
WHERE placed_at >= :since::bigint AND placed_at < :until::bigint
    AND is_counted = 1
    AND (:currency::text = '' OR currency = :currency::text)
GROUP BY customer_id, currency
ORDER BY 4 DESC, 5 DESC, customer_id
LIMIT :limit::bigint

-- ---- verify ----

-- name: report_verify_orders
SELECT COALESCE(t.quarter_at, s.quarter_at), COALESCE(t.of_id, s.of_id),
    COALESCE(t.n, 0)::bigint, COALESCE(s.n, 0)::bigint
FROM (SELECT o.placed_at - o.placed_at % 900000 AS quarter_at,
        o.channel_id AS of_id, o.currency, COUNT(*) AS n,
        SUM(o.total_minor / 1000000000)::bigint AS high,
        SUM(o.total_minor % 1000000000)::bigint AS low
    FROM orders o
    GROUP BY o.placed_at - o.placed_at % 900000, o.channel_id, o.currency) t
FULL JOIN (SELECT quarter_at, of_id, currency, SUM(n) AS n,
        SUM(amount / 1000000000)::bigint AS high,
        SUM(amount % 1000000000)::bigint AS low,
        MAX(amount) AS most
    FROM report_sums WHERE fact = 1
    GROUP BY quarter_at, of_id, currency) s
    ON s.quarter_at = t.quarter_at AND s.of_id = t.of_id
    AND s.currency = t.currency
WHERE COALESCE(t.n, 0) <> COALESCE(s.n, 0)
    OR (COALESCE(s.most, 0) < 9223372036854775807
        AND (COALESCE(t.high, 0) + COALESCE(t.low, 0) / 1000000000
                <> COALESCE(s.high, 0) + COALESCE(s.low, 0) / 1000000000
            OR COALESCE(t.low, 0) % 1000000000
                <> COALESCE(s.low, 0) % 1000000000))

-- name: report_verify_skus
SELECT COALESCE(t.quarter_at, s.quarter_at), COALESCE(t.of_id, s.of_id),
    COALESCE(t.units, 0)::bigint, COALESCE(s.units, 0)::bigint
FROM (SELECT o.placed_at - o.placed_at % 900000 AS quarter_at,
        o.channel_id AS of_id,
        SUM(l.ordered - COALESCE(l.added, 0))::bigint AS units
    FROM orders o JOIN order_lines l ON l.order_id = o.id
    GROUP BY o.placed_at - o.placed_at % 900000, o.channel_id) t
FULL JOIN (SELECT quarter_at, of_id, SUM(units)::bigint AS units
    FROM report_sums WHERE fact = 5
    GROUP BY quarter_at, of_id) s
    ON s.quarter_at = t.quarter_at AND s.of_id = t.of_id
WHERE COALESCE(t.units, 0) <> COALESCE(s.units, 0)
