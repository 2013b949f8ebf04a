-- fulfillment.sql - fulfillment orders and their lines.
--
-- Whoever writes here has locked the order.

-- name: fulfillment_row
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE id = :id::bigint
-- postgres many body:
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE id = ANY(:id::bigint[])

-- name: fulfillment_of_order
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE order_id = :order_id::bigint
-- postgres many body:
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE order_id = ANY(:order_id::bigint[])

-- name: fulfillment_line_list
SELECT fo_id, n, sku_id, qty, picked, packed, shipped
FROM fulfillment_lines
WHERE fo_id = :fo_id::bigint
-- postgres many body:
SELECT fo_id, n, sku_id, qty, picked, packed, shipped
FROM fulfillment_lines
WHERE fo_id = ANY(:fo_id::bigint[])

-- name: fulfillment_add
-- many
-- later
INSERT INTO fulfillment_orders (id, bucket, order_id, channel_id, location_id,
    method, status, request_status, hold_reason, fulfil_at, deadline_at,
    promise_at, is_sticky, request, version, created_at, updated_at,
    closed_at)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint, :channel_id::bigint,
    :location_id::bigint, :method::bigint, :status::bigint,
    :request_status::bigint, :hold_reason::text, :fulfil_at::bigint,
    :deadline_at::bigint, :promise_at::bigint, :is_sticky::bigint,
    :request::jsonb, :version::bigint, :created_at::bigint,
    :updated_at::bigint, :closed_at::bigint)

-- name: fulfillment_save
-- many
UPDATE fulfillment_orders SET location_id = :location_id::bigint,
    status = :status::bigint, request_status = :request_status::bigint,
    hold_reason = :hold_reason::text, fulfil_at = :fulfil_at::bigint,
    deadline_at = :deadline_at::bigint, promise_at = :promise_at::bigint,
    is_sticky = :is_sticky::bigint, request = :request::jsonb,
    version = :version::bigint, updated_at = :updated_at::bigint,
    closed_at = :closed_at::bigint
WHERE id = :id::bigint AND version = :version::bigint - 1
-- postgres many body:
UPDATE fulfillment_orders f SET location_id = u.location_id,
    status = u.status, request_status = u.request_status,
    hold_reason = u.hold_reason, fulfil_at = u.fulfil_at,
    deadline_at = u.deadline_at, promise_at = u.promise_at,
    is_sticky = u.is_sticky, request = u.request::jsonb, version = u.version,
    updated_at = u.updated_at, closed_at = u.closed_at
FROM unnest(:location_id::bigint[], :status::bigint[],
    :request_status::bigint[], :hold_reason::text[], :fulfil_at::bigint[],
    :deadline_at::bigint[], :promise_at::bigint[], :is_sticky::bigint[],
    :request::text[], :version::bigint[], :updated_at::bigint[],
    :closed_at::bigint[], :id::bigint[])
    AS u (location_id, status, request_status, hold_reason, fulfil_at,
        deadline_at, promise_at, is_sticky, request, version, updated_at,
        closed_at, id)
WHERE f.id = u.id AND f.version = u.version - 1

-- name: fulfillment_line_save
-- many
-- later
INSERT INTO fulfillment_lines (fo_id, n, bucket, sku_id, qty, picked, packed,
    shipped)
VALUES (:fo_id::bigint, :n::bigint, :bucket::bigint, :sku_id::bigint,
    :qty::bigint, :picked::bigint, :packed::bigint, :shipped::bigint)
ON CONFLICT (fo_id, n) DO UPDATE SET qty = excluded.qty,
    picked = excluded.picked, packed = excluded.packed,
    shipped = excluded.shipped

-- Those whose time has come.
-- name: fulfillment_due
SELECT id FROM fulfillment_orders
WHERE status = 1 AND fulfil_at <= :now::bigint
ORDER BY fulfil_at, id
LIMIT :limit::bigint

-- name: fulfillment_next_due
SELECT COALESCE(MIN(fulfil_at), 0)::bigint FROM fulfillment_orders
WHERE status = 1

-- ---- pages, newest first ----

-- name: fulfillment_page
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: fulfillment_page_status
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE status = :status::bigint AND id < :before::bigint
ORDER BY id DESC
LIMIT :limit::bigint

-- name: fulfillment_page_location
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE location_id = :location_id::bigint AND status = :status::bigint
    AND id < :before::bigint
    AND (:method::bigint = 0 OR method = :method::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- The other way round: what waits longest, first.
-- name: fulfillment_oldest_status
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE status = :status::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: fulfillment_oldest_location
SELECT id, order_id, channel_id, location_id, method, status, request_status,
    hold_reason, fulfil_at, deadline_at, promise_at, is_sticky, request,
    version, created_at, updated_at, closed_at
FROM fulfillment_orders
WHERE location_id = :location_id::bigint AND status = :status::bigint
    AND id > :after::bigint
    AND (:method::bigint = 0 OR method = :method::bigint)
ORDER BY id
LIMIT :limit::bigint

-- Counts along the index, so many at most.
-- name: fulfillment_count
-- many
SELECT :location_id::bigint, :status::bigint, COUNT(*)
FROM (SELECT 1 FROM fulfillment_orders
    WHERE location_id = :location_id::bigint AND status = :status::bigint
    LIMIT :most::bigint) f
-- postgres many body:
SELECT k.location_id, k.status, (SELECT COUNT(*)
    FROM (SELECT 1 FROM fulfillment_orders f
        WHERE f.location_id = k.location_id AND f.status = k.status
        LIMIT k.most) x)
FROM unnest(:location_id::bigint[], :status::bigint[], :most::bigint[])
    AS k (location_id, status, most)
