-- hold_drop.sql - drops, who has units of them, and who waits for some.

-- name: drop_add
INSERT INTO drops (id, name, sku_id, channel_id, customer_cap, greatest_cap,
    starts_at, ends_at, offer_ttl_s, waiting, version, created_at)
VALUES (:id::bigint, :name::text, :sku_id::bigint, :channel_id::bigint,
    :customer_cap::bigint, :greatest_cap::bigint, :starts_at::bigint,
    :ends_at::bigint, :offer_ttl_s::bigint, :waiting::bigint,
    :version::bigint, :created_at::bigint)

-- name: drop_save
UPDATE drops SET name = :name::text, customer_cap = :customer_cap::bigint,
    greatest_cap = :greatest_cap::bigint, starts_at = :starts_at::bigint,
    ends_at = :ends_at::bigint, offer_ttl_s = :offer_ttl_s::bigint,
    waiting = :waiting::bigint, version = :version::bigint
WHERE id = :id::bigint

-- name: drop_lock_skus
-- many
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops
WHERE sku_id = :sku_id::bigint AND ends_at > :now::bigint
-- postgres: FOR UPDATE
-- postgres many body:
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops
WHERE sku_id = ANY(:sku_id::bigint[]) AND ends_at > ALL(:now::bigint[])
ORDER BY id
FOR UPDATE

-- name: drop_lock
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: drop_get
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops WHERE id = :id::bigint

-- name: drop_page
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops
WHERE id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: drop_list_waiting
SELECT id, name, sku_id, channel_id, customer_cap, greatest_cap, starts_at,
    ends_at, offer_ttl_s, waiting, version, created_at
FROM drops
WHERE waiting > 0 AND id > :after::bigint
    AND (starts_at <= :now::bigint OR offer_ttl_s = 0)
ORDER BY id
LIMIT :limit::bigint

-- A list that waits for stock is served when stock moves; of itself it has to
-- do when its drop starts and when it is over.
-- name: drop_next
SELECT MIN(CASE WHEN starts_at > :now::bigint THEN starts_at
    ELSE ends_at END)
FROM drops
WHERE waiting > 0

-- ---- claims ----

-- name: drop_claim_add
-- many
INSERT INTO drop_claims (drop_id, customer_key, owner_id, owner_kind)
VALUES (:drop_id::bigint, :customer_key::bigint, :owner_id::bigint,
    :owner_kind::bigint)

-- Live units of a customer: held, committed or gone out.
-- name: drop_used
-- many
SELECT c.drop_id, c.customer_key, SUM(r.qty)::bigint
FROM drop_claims c
JOIN drops d ON d.id = c.drop_id
JOIN reservations r ON r.owner_id = c.owner_id AND r.sku_id = d.sku_id
    AND ((r.kind = 1 AND r.state = 1) OR (r.kind = 2 AND r.state IN (2, 3)))
WHERE c.drop_id = :drop_id::bigint AND c.customer_key = :customer_key::bigint
GROUP BY c.drop_id, c.customer_key
-- postgres many body:
SELECT c.drop_id, c.customer_key, SUM(r.qty)::bigint
FROM unnest(:drop_id::bigint[], :customer_key::bigint[])
    AS k (drop_id, customer_key)
JOIN drop_claims c ON c.drop_id = k.drop_id
    AND c.customer_key = k.customer_key
JOIN drops d ON d.id = c.drop_id
JOIN reservations r ON r.owner_id = c.owner_id AND r.sku_id = d.sku_id
    AND ((r.kind = 1 AND r.state = 1) OR (r.kind = 2 AND r.state IN (2, 3)))
GROUP BY c.drop_id, c.customer_key

-- ---- the waiting list ----

-- name: drop_entry_add
INSERT INTO drop_waiting (id, drop_id, channel_id, customer, customer_key,
    quantity, state, joined_at)
VALUES (:id::bigint, :drop_id::bigint, :channel_id::bigint, :customer::text,
    :customer_key::bigint, :quantity::bigint, 1, :joined_at::bigint)

-- name: drop_entry_find
SELECT id FROM drop_waiting
WHERE drop_id = :drop_id::bigint AND customer_key = :customer_key::bigint
    AND state = 1

-- name: drop_entry_get
SELECT id, drop_id, channel_id, customer, customer_key, quantity, state,
    hold_id, joined_at, ended_at
FROM drop_waiting
WHERE id = :id::bigint AND drop_id = :drop_id::bigint

-- A list has an end (LIMIT_DROP_WAITING), and the index is all that is read.
-- name: drop_entry_position
SELECT COUNT(id) FROM drop_waiting
WHERE drop_id = :drop_id::bigint AND state = 1 AND id <= :id::bigint

-- name: drop_entry_page
SELECT id, drop_id, channel_id, customer, customer_key, quantity, state,
    hold_id, joined_at, ended_at
FROM drop_waiting
WHERE drop_id = :drop_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: drop_entry_first
SELECT id, drop_id, channel_id, customer, customer_key, quantity, state,
    hold_id, joined_at, ended_at
FROM drop_waiting
WHERE drop_id = :drop_id::bigint AND state = 1
ORDER BY id
LIMIT :limit::bigint

-- name: drop_entry_end
-- many
UPDATE drop_waiting SET state = :state::bigint, hold_id = :hold_id::bigint,
    ended_at = :ended_at::bigint
WHERE id = :id::bigint AND state = 1
-- postgres many body:
UPDATE drop_waiting w SET state = k.state, hold_id = k.hold_id,
    ended_at = k.ended_at
FROM unnest(:state::bigint[], :hold_id::bigint[], :ended_at::bigint[],
    :id::bigint[]) AS k (state, hold_id, ended_at, id)
WHERE w.id = k.id AND w.state = 1

-- ---- verify ----

-- name: drop_verify_caps
SELECT c.drop_id, SUM(r.qty)::bigint, d.greatest_cap
FROM drop_claims c
JOIN drops d ON d.id = c.drop_id
JOIN reservations r ON r.owner_id = c.owner_id AND r.sku_id = d.sku_id
    AND ((r.kind = 1 AND r.state = 1) OR (r.kind = 2 AND r.state IN (2, 3)))
GROUP BY c.drop_id, c.customer_key, d.greatest_cap
HAVING SUM(r.qty) > d.greatest_cap

-- name: drop_verify_waiting
SELECT d.id, d.waiting, COUNT(w.id)
FROM drops d
LEFT JOIN drop_waiting w ON w.drop_id = d.id AND w.state = 1
GROUP BY d.id, d.waiting
HAVING d.waiting <> COUNT(w.id)

-- name: drop_verify_flags
SELECT d.id FROM drops d
LEFT JOIN skus s ON s.id = d.sku_id
WHERE s.id IS NULL OR s.is_drop <> 1

-- An offer is a hold of that customer, and a claim has its owner's rows.
-- name: drop_verify_links
SELECT w.drop_id FROM drop_waiting w
LEFT JOIN holds h ON h.id = w.hold_id AND h.customer = w.customer
WHERE w.state = 2 AND h.id IS NULL
UNION ALL
SELECT c.drop_id FROM drop_claims c
WHERE NOT EXISTS (SELECT 1 FROM reservations r WHERE r.owner_id = c.owner_id)
