-- change_blanket.sql - blanket orders and their releases.

-- name: blanket_insert
INSERT INTO blankets (id, bucket, state, company_id, customer_id, channel,
    currency, total, po_number, terms_days, reserve_days, body, version,
    created_at, updated_at)
VALUES (:id::bigint, 0, 1, :company_id::bigint, :customer_id::bigint,
    :channel::text, :currency::text, :total::bigint, :po_number::text,
    :terms_days::bigint, :reserve_days::bigint, :body::jsonb, 1, :now::bigint,
    :now::bigint)

-- name: blanket_save
UPDATE blankets SET state = :state::bigint, company_id = :company_id::bigint,
    customer_id = :customer_id::bigint, channel = :channel::text,
    currency = :currency::text, total = :total::bigint,
    po_number = :po_number::text, terms_days = :terms_days::bigint,
    reserve_days = :reserve_days::bigint, body = :body::jsonb,
    version = version + 1, updated_at = :now::bigint
WHERE id = :id::bigint AND version = :version::bigint

-- name: blanket_row
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE id = :id::bigint

-- name: blanket_lock_row
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: blanket_page
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE id < :before::bigint ORDER BY id DESC LIMIT :limit::bigint

-- name: blanket_page_state
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE state = :state::bigint AND id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: blanket_page_company
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE company_id = :company_id::bigint AND id < :before::bigint
ORDER BY id DESC LIMIT :limit::bigint

-- name: blanket_of_customer
SELECT id, state, company_id, customer_id, channel, currency, total, po_number,
    terms_days, reserve_days, body, version, created_at, updated_at
FROM blankets WHERE customer_id IN (SELECT c.id FROM customers c
    WHERE c.id = :customer_id::bigint OR c.merged_into = :customer_id::bigint)
ORDER BY id

-- name: blanket_sum
SELECT blanket_id, state, COUNT(*)::bigint, MIN(ship_at)::bigint
FROM blanket_releases WHERE blanket_id = :blanket_id::bigint
GROUP BY blanket_id, state
-- postgres many body:
SELECT blanket_id, state, COUNT(*)::bigint, MIN(ship_at)::bigint
FROM blanket_releases WHERE blanket_id = ANY(:blanket_id::bigint[])
GROUP BY blanket_id, state

-- ---- releases ----

-- name: release_insert
-- many
INSERT INTO blanket_releases (blanket_id, n, bucket, state, ship_at, doc)
VALUES (:blanket_id::bigint, :n::bigint, 0, 1, :ship_at::bigint, :doc::jsonb)

-- name: release_save
UPDATE blanket_releases SET state = :state::bigint, try_at = :try_at::bigint,
    draft_id = :draft_id::bigint, order_id = :order_id::bigint,
    code = :code::text, field = :field::text, detail = :detail::text
WHERE blanket_id = :blanket_id::bigint AND n = :n::bigint

-- name: release_row
SELECT n, state, ship_at, try_at, draft_id, order_id, code, field, detail, doc
FROM blanket_releases WHERE blanket_id = :blanket_id::bigint AND n = :n::bigint

-- name: release_page
SELECT n, state, ship_at, try_at, draft_id, order_id, code, field, detail, doc
FROM blanket_releases
WHERE blanket_id = :blanket_id::bigint AND n > :after::bigint
ORDER BY n LIMIT :limit::bigint

-- name: release_last
SELECT COALESCE(MAX(n), 0)::bigint FROM blanket_releases
WHERE blanket_id = :blanket_id::bigint

-- name: release_due
SELECT blanket_id, n FROM blanket_releases
WHERE try_at IS NOT NULL AND try_at <= :now::bigint
ORDER BY try_at, blanket_id, n LIMIT :limit::bigint

-- name: release_next_due
SELECT COALESCE(MIN(try_at), 0)::bigint FROM blanket_releases
WHERE try_at IS NOT NULL

-- name: release_skip_past
UPDATE blanket_releases SET state = 3, try_at = NULL
WHERE blanket_id = :blanket_id::bigint AND state = 1
    AND ship_at <= :now::bigint

-- name: release_start
UPDATE blanket_releases SET try_at = ship_at - :lead_ms::bigint, code = NULL,
    field = NULL, detail = NULL
WHERE blanket_id = :blanket_id::bigint AND state = 1

-- name: release_stop
UPDATE blanket_releases SET try_at = NULL
WHERE blanket_id = :blanket_id::bigint AND state = 1

-- name: release_cancel
UPDATE blanket_releases SET state = 4, try_at = NULL, code = NULL,
    field = NULL, detail = NULL
WHERE blanket_id = :blanket_id::bigint AND state = 1

-- name: release_clear
DELETE FROM blanket_releases
WHERE blanket_id = :blanket_id::bigint AND state = 1

-- ---- verify ----

-- name: blanket_verify_order
SELECT r.blanket_id, r.n FROM blanket_releases r
LEFT JOIN drafts d ON d.id = r.draft_id
WHERE r.state = 2 AND (d.id IS NULL OR d.order_id IS NULL
    OR d.order_id <> r.order_id)
ORDER BY r.blanket_id, r.n

-- name: blanket_verify_due
SELECT r.blanket_id, r.n FROM blanket_releases r
LEFT JOIN blankets b ON b.id = r.blanket_id
WHERE b.id IS NULL
    OR (r.state = 1 AND (b.state IN (4, 5)
        OR (r.try_at IS NOT NULL) <> (b.state = 2)))
ORDER BY r.blanket_id, r.n

-- name: blanket_verify_party
SELECT b.id FROM blankets b
LEFT JOIN companies c ON c.id = b.company_id
LEFT JOIN customers u ON u.id = b.customer_id
WHERE (b.company_id IS NOT NULL AND c.id IS NULL)
    OR (b.customer_id IS NOT NULL AND u.id IS NULL)
ORDER BY b.id
