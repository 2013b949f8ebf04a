-- fulfillment_picks.sql - bins, pick tasks and what was found.

-- ---- bins ----

-- name: bin_by_sku
-- many
SELECT location_id, sku_id, bin, zone, version, updated_at
FROM sku_bins
WHERE location_id = :location_id::bigint AND sku_id = :sku_id::bigint
-- postgres many body:
SELECT b.location_id, b.sku_id, b.bin, b.zone, b.version, b.updated_at
FROM unnest(:location_id::bigint[], :sku_id::bigint[])
    AS k (location_id, sku_id)
JOIN sku_bins b ON b.location_id = k.location_id AND b.sku_id = k.sku_id

-- name: bin_page
SELECT location_id, sku_id, bin, zone, version, updated_at
FROM sku_bins
WHERE location_id = :location_id::bigint AND sku_id > :after::bigint
    AND (:sku_id::bigint = 0 OR sku_id = :sku_id::bigint)
ORDER BY sku_id
LIMIT :limit::bigint

-- name: bin_save
-- many
INSERT INTO sku_bins (location_id, sku_id, bucket, bin, zone, version,
    updated_at)
VALUES (:location_id::bigint, :sku_id::bigint, :bucket::bigint, :bin::text,
    :zone::text, :version::bigint, :updated_at::bigint)
ON CONFLICT (location_id, sku_id) DO UPDATE SET bin = excluded.bin,
    zone = excluded.zone, version = excluded.version,
    updated_at = excluded.updated_at

-- name: bin_drop
-- many
DELETE FROM sku_bins
WHERE location_id = :location_id::bigint AND sku_id = :sku_id::bigint
-- postgres many body:
DELETE FROM sku_bins b
USING (SELECT DISTINCT location_id, sku_id
    FROM unnest(:location_id::bigint[], :sku_id::bigint[])
    AS u (location_id, sku_id)) k
WHERE b.location_id = k.location_id AND b.sku_id = k.sku_id

-- ---- how a location works ----

-- name: location_work_get
-- many
SELECT location_id, is_auto_pick, pick_mode, tote_units, pickup_hold_days,
    version, updated_at
FROM fulfillment_settings
WHERE location_id = :location_id::bigint
-- postgres many body:
SELECT location_id, is_auto_pick, pick_mode, tote_units, pickup_hold_days,
    version, updated_at
FROM fulfillment_settings
WHERE location_id = ANY(:location_id::bigint[])

-- name: location_work_add
INSERT INTO fulfillment_settings (location_id, is_auto_pick, pick_mode,
    tote_units, pickup_hold_days, version, updated_at)
VALUES (:location_id::bigint, :is_auto_pick::bigint, :pick_mode::bigint,
    :tote_units::bigint, :pickup_hold_days::bigint, 1, :updated_at::bigint)
ON CONFLICT (location_id) DO NOTHING

-- name: location_work_save
UPDATE fulfillment_settings SET is_auto_pick = :is_auto_pick::bigint,
    pick_mode = :pick_mode::bigint, tote_units = :tote_units::bigint,
    pickup_hold_days = :pickup_hold_days::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE location_id = :location_id::bigint AND version = :version::bigint

-- ---- tasks ----

-- name: pick_task_row
SELECT id, location_id, mode, state, zone, tote, wave_id, assignee_kind,
    assignee_id, version, created_at, updated_at, started_at, ended_at
FROM pick_tasks
WHERE id = :id::bigint

-- name: pick_task_lock
SELECT id, location_id, mode, state, zone, tote, wave_id, assignee_kind,
    assignee_id, version, created_at, updated_at, started_at, ended_at
FROM pick_tasks
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: pick_task_page
SELECT id, location_id, mode, state, zone, tote, wave_id, assignee_kind,
    assignee_id, version, created_at, updated_at, started_at, ended_at
FROM pick_tasks
WHERE id < :after::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- name: pick_task_page_location
SELECT id, location_id, mode, state, zone, tote, wave_id, assignee_kind,
    assignee_id, version, created_at, updated_at, started_at, ended_at
FROM pick_tasks
WHERE location_id = :location_id::bigint AND id < :after::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id DESC
LIMIT :limit::bigint

-- name: pick_task_page_fo
SELECT t.id, t.location_id, t.mode, t.state, t.zone, t.tote, t.wave_id,
    t.assignee_kind, t.assignee_id, t.version, t.created_at, t.updated_at,
    t.started_at, t.ended_at
FROM pick_tasks t
WHERE t.id IN (SELECT l.task_id FROM pick_lines l
        WHERE l.fo_id = :fo_id::bigint)
    AND t.id < :after::bigint
ORDER BY t.id DESC
LIMIT :limit::bigint

-- name: pick_task_add
-- many
INSERT INTO pick_tasks (id, location_id, mode, state, zone, tote, wave_id,
    assignee_kind, assignee_id, version, created_at, updated_at)
VALUES (:id::bigint, :location_id::bigint, :mode::bigint, 1, :zone::text,
    :tote::text, :wave_id::bigint, 0, 0, 1, :created_at::bigint,
    :updated_at::bigint)

-- name: pick_task_save
UPDATE pick_tasks SET state = :state::bigint, tote = :tote::text,
    assignee_kind = :assignee_kind::bigint,
    assignee_id = :assignee_id::bigint, started_at = :started_at::bigint,
    ended_at = :ended_at::bigint, updated_at = :updated_at::bigint,
    version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- ---- lines ----

-- name: pick_line_list
-- many
SELECT task_id, n, fo_id, fo_n, order_id, sku_id, lot_id, per, qty, picked,
    missing, reason, bin, zone, tote
FROM pick_lines
WHERE task_id = :task_id::bigint
-- postgres many body:
SELECT task_id, n, fo_id, fo_n, order_id, sku_id, lot_id, per, qty, picked,
    missing, reason, bin, zone, tote
FROM pick_lines
WHERE task_id = ANY(:task_id::bigint[])

-- The first that is due of what a task is still walked for.
-- name: pick_task_deadline
-- many
SELECT l.task_id, MIN(f.deadline_at)::bigint
FROM pick_lines l
JOIN fulfillment_orders f ON f.id = l.fo_id
WHERE l.task_id = :task_id::bigint AND l.qty > 0 AND f.deadline_at > 0
GROUP BY l.task_id
-- postgres many body:
SELECT l.task_id, MIN(f.deadline_at)::bigint
FROM pick_lines l
JOIN fulfillment_orders f ON f.id = l.fo_id
WHERE l.task_id = ANY(:task_id::bigint[]) AND l.qty > 0 AND f.deadline_at > 0
GROUP BY l.task_id

-- name: pick_line_list_fo
-- many
SELECT l.task_id, l.n, l.fo_id, l.fo_n, l.order_id, l.sku_id, l.lot_id, l.per,
    l.qty, l.picked, l.missing, l.reason, l.bin, l.zone, l.tote, t.state,
    t.location_id
FROM pick_lines l
JOIN pick_tasks t ON t.id = l.task_id
WHERE l.fo_id = :fo_id::bigint AND t.state < 7
-- postgres many body:
SELECT l.task_id, l.n, l.fo_id, l.fo_n, l.order_id, l.sku_id, l.lot_id, l.per,
    l.qty, l.picked, l.missing, l.reason, l.bin, l.zone, l.tote, t.state,
    t.location_id
FROM pick_lines l
JOIN pick_tasks t ON t.id = l.task_id
WHERE l.fo_id = ANY(:fo_id::bigint[]) AND t.state < 7

-- name: pick_line_save
-- many
INSERT INTO pick_lines (task_id, n, fo_id, fo_n, order_id, sku_id, lot_id, per,
    qty, picked, missing, reason, bin, zone, tote)
VALUES (:task_id::bigint, :n::bigint, :fo_id::bigint, :fo_n::bigint,
    :order_id::bigint, :sku_id::bigint, :lot_id::bigint, :per::bigint,
    :qty::bigint, :picked::bigint, :missing::bigint, :reason::text,
    :bin::text, :zone::text, :tote::text)
ON CONFLICT (task_id, n) DO UPDATE SET qty = excluded.qty,
    picked = excluded.picked, missing = excluded.missing,
    reason = excluded.reason, tote = excluded.tote

-- ---- units that can be told apart ----

-- name: pick_unit_list
-- many
SELECT task_id, n, lot_id, serial_no, fo_id, fo_n, sku_id, location_id, qty, gone
FROM pick_units
WHERE task_id = :task_id::bigint
-- postgres many body:
SELECT task_id, n, lot_id, serial_no, fo_id, fo_n, sku_id, location_id, qty, gone
FROM pick_units
WHERE task_id = ANY(:task_id::bigint[])

-- name: pick_unit_list_fo
SELECT task_id, n, lot_id, serial_no, fo_id, fo_n, sku_id, location_id, qty, gone
FROM pick_units
WHERE fo_id = :fo_id::bigint AND gone < qty
ORDER BY task_id, n, lot_id, serial_no

-- name: pick_unit_save
-- many
INSERT INTO pick_units (task_id, n, lot_id, serial_no, fo_id, fo_n, sku_id,
    location_id, qty, gone)
VALUES (:task_id::bigint, :n::bigint, :lot_id::bigint, :serial_no::text,
    :fo_id::bigint, :fo_n::bigint, :sku_id::bigint, :location_id::bigint,
    :qty::bigint, :gone::bigint)
ON CONFLICT (task_id, n, lot_id, serial_no) DO UPDATE SET qty = excluded.qty,
    gone = excluded.gone

-- name: pick_claim_list
SELECT lot_id, SUM(in_hand)::bigint, SUM(planned)::bigint
FROM (
    SELECT u.lot_id, u.qty - u.gone AS in_hand, 0 AS planned
    FROM pick_units u
    WHERE u.sku_id = :sku_id::bigint AND u.location_id = :location_id::bigint
        AND u.gone < u.qty
    UNION ALL
    SELECT l.lot_id, 0, l.qty - l.picked - l.missing
    FROM pick_tasks t
    JOIN pick_lines l ON l.task_id = t.id
    WHERE t.state < 4 AND t.location_id = :location_id::bigint
        AND l.sku_id = :sku_id::bigint) AS c
WHERE lot_id > 0
GROUP BY lot_id

-- name: pick_serial_taken
SELECT task_id
FROM pick_units
WHERE sku_id = :sku_id::bigint AND location_id = :location_id::bigint
    AND gone < qty AND serial_no = :serial_no::text
LIMIT 1

-- ---- scans ----

-- name: pick_scan_get
SELECT body_hash
FROM pick_scans
WHERE task_id = :task_id::bigint AND scan_id = :scan_id::text

-- name: pick_scan_add
INSERT INTO pick_scans (task_id, scan_id, body_hash)
VALUES (:task_id::bigint, :scan_id::text, :body_hash::bigint)

-- ---- production ----

-- name: production_get
-- many
SELECT order_id, n, sku_id, location_id, status, version, created_at,
    updated_at
FROM productions
WHERE order_id = :order_id::bigint AND n = :n::bigint
-- postgres many body:
SELECT p.order_id, p.n, p.sku_id, p.location_id, p.status, p.version,
    p.created_at, p.updated_at
FROM unnest(:order_id::bigint[], :n::bigint[]) AS k (order_id, n)
JOIN productions p ON p.order_id = k.order_id AND p.n = k.n

-- name: production_page_open
SELECT order_id, n, sku_id, location_id, status, version, created_at,
    updated_at
FROM productions
WHERE status < 3 AND (:status::bigint = 0 OR status = :status::bigint)
    AND (order_id, n) > (:after::bigint, :after_n::bigint)
ORDER BY order_id, n
LIMIT :limit::bigint

-- name: production_page_made
SELECT order_id, n, sku_id, location_id, status, version, created_at,
    updated_at
FROM productions
WHERE status = 3 AND (order_id, n) > (:after::bigint, :after_n::bigint)
ORDER BY order_id, n
LIMIT :limit::bigint

-- name: production_add
-- many
INSERT INTO productions (order_id, n, bucket, sku_id, location_id, status,
    version, created_at, updated_at)
VALUES (:order_id::bigint, :n::bigint, :bucket::bigint, :sku_id::bigint,
    :location_id::bigint, 1, 1, :created_at::bigint, :updated_at::bigint)
ON CONFLICT (order_id, n) DO NOTHING

-- name: production_save
UPDATE productions SET status = :status::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE order_id = :order_id::bigint AND n = :n::bigint
    AND version = :version::bigint

-- name: production_picked
SELECT l.task_id
FROM pick_lines l
JOIN pick_tasks t ON t.id = l.task_id
WHERE l.order_id = :order_id::bigint AND l.fo_n = :n::bigint AND l.picked > 0
    AND t.state < 7
LIMIT 1

-- ---- what could be picked ----

-- Open or in progress; nothing of it in a live task unless asked for again.
-- name: pick_search
SELECT f.id
FROM fulfillment_orders f
WHERE f.location_id = :location_id::bigint AND f.status IN (2, 4)
    AND (:method::bigint = 0 OR f.method = :method::bigint)
    AND (:due_by::bigint = 0 OR (f.deadline_at > 0
            AND f.deadline_at <= :due_by::bigint)
        OR (f.deadline_at = 0 AND f.promise_at > 0
            AND f.promise_at <= :due_by::bigint))
    AND EXISTS (SELECT 1 FROM fulfillment_lines l
        WHERE l.fo_id = f.id AND l.qty > l.picked)
    AND (:is_again::bigint = 1 OR NOT EXISTS (SELECT 1 FROM pick_lines p
        JOIN pick_tasks t ON t.id = p.task_id
        WHERE p.fo_id = f.id AND t.state < 4 AND p.qty > 0))
ORDER BY CASE WHEN f.deadline_at > 0 THEN f.deadline_at
    WHEN f.promise_at > 0 THEN f.promise_at
    ELSE 9223372036854775807 END, f.id
LIMIT :limit::bigint

-- ---- pickups ----

-- name: pickup_row
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE id = :id::bigint

-- name: pickup_lock
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: pickup_lock_fo
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE fo_id = :fo_id::bigint
-- postgres: FOR UPDATE

-- name: pickup_page
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE id > :after::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: pickup_page_location
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE location_id = :location_id::bigint AND id > :after::bigint
    AND (:state::bigint = 0 OR state = :state::bigint)
ORDER BY id
LIMIT :limit::bigint

-- name: pickup_page_order
SELECT id, fo_id, order_id, location_id, state, code, tries, ready_at,
    expires_at, ended_at, version, created_at, updated_at
FROM pickups
WHERE order_id = :order_id::bigint AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- name: pickup_add
INSERT INTO pickups (id, bucket, fo_id, order_id, location_id, state, tries,
    version, created_at, updated_at)
VALUES (:id::bigint, :bucket::bigint, :fo_id::bigint, :order_id::bigint,
    :location_id::bigint, 1, 0, 1, :created_at::bigint, :updated_at::bigint)
ON CONFLICT (fo_id) DO NOTHING

-- name: pickup_save
UPDATE pickups SET location_id = :location_id::bigint,
    state = :state::bigint, code = :code::text,
    tries = :tries::bigint, ready_at = :ready_at::bigint,
    expires_at = :expires_at::bigint, ended_at = :ended_at::bigint,
    updated_at = :updated_at::bigint, version = version + 1
WHERE id = :id::bigint AND version = :version::bigint

-- name: pickup_due
SELECT id
FROM pickups
WHERE state = 3 AND expires_at <= :now::bigint
ORDER BY expires_at, id
LIMIT :limit::bigint

-- name: pickup_next
SELECT MIN(expires_at)
FROM pickups
WHERE state = 3

-- ---- verify ----

-- No unit is walked for that is not wanted, or by two.
-- name: verify_pick_wanted
SELECT p.fo_id
FROM (
    SELECT l.fo_id, l.fo_n, l.sku_id, MAX(l.per) AS per,
        MIN(CASE WHEN t.state < 4 THEN t.location_id END) AS location_id,
        SUM(l.picked) AS found,
        SUM(CASE WHEN t.state < 4 THEN l.qty - l.picked - l.missing
            ELSE 0 END) AS left_over
    FROM pick_lines l
    JOIN pick_tasks t ON t.id = l.task_id
    WHERE t.state < 7
    GROUP BY l.fo_id, l.fo_n, l.sku_id) AS p
LEFT JOIN fulfillment_lines f ON f.fo_id = p.fo_id AND f.n = p.fo_n
LEFT JOIN fulfillment_orders o ON o.id = p.fo_id
WHERE p.left_over > 0 AND (o.id IS NULL OR o.status NOT IN (2, 4)
    OR o.location_id <> p.location_id OR p.left_over > COALESCE(f.qty, 0) * p.per - p.found)

-- A task is as its lines are.
-- name: verify_pick_states
SELECT t.id
FROM pick_tasks t
LEFT JOIN (SELECT task_id, SUM(qty) AS qty, SUM(picked) AS picked,
        SUM(missing) AS missing
    FROM pick_lines GROUP BY task_id) AS l ON l.task_id = t.id
WHERE l.task_id IS NULL
    OR (t.state IN (1, 2) AND (l.picked > 0 OR l.missing > 0))
    OR (t.state IN (4, 5) AND l.qty <> l.picked + l.missing)
    OR (t.state = 4 AND l.missing > 0)
    OR (t.state = 5 AND l.missing = 0)
    OR (t.state = 1 AND t.assignee_kind <> 0)
    OR (t.state = 2 AND t.assignee_kind = 0)
    OR (t.state > 2 AND t.state < 7 AND t.started_at IS NULL)
    OR ((t.state > 3) <> (t.ended_at IS NOT NULL))

-- Units with a name stand on a line that has them; a number is in one hand.
-- name: verify_pick_units
SELECT u.task_id
FROM (SELECT task_id, n, SUM(qty) AS qty, SUM(gone) AS gone,
        MIN(sku_id) AS sku_id
    FROM pick_units GROUP BY task_id, n) AS u
LEFT JOIN pick_lines l ON l.task_id = u.task_id AND l.n = u.n
WHERE l.task_id IS NULL OR l.sku_id <> u.sku_id
    OR u.qty - l.picked NOT BETWEEN 0 AND u.gone

-- name: verify_pick_serials
SELECT MIN(task_id)
FROM pick_units
WHERE serial_no <> '' AND gone < qty
GROUP BY sku_id, serial_no
HAVING COUNT(*) > 1

-- name: verify_pickups
SELECT p.id
FROM pickups p
LEFT JOIN fulfillment_orders f ON f.id = p.fo_id
WHERE f.id IS NULL OR f.order_id <> p.order_id
    OR (f.location_id <> p.location_id AND p.state IN (3, 4))
    OR f.method <> 2
    OR (p.state = 3 AND f.status <> 4)
    OR (p.state = 4 AND NOT EXISTS (SELECT 1 FROM fulfillment_lines l
        WHERE l.fo_id = p.fo_id AND l.shipped > 0))
    OR (p.state IN (5, 6) AND f.status NOT IN (6, 7))
    OR ((p.state > 3) <> (p.ended_at IS NOT NULL))
    OR (p.state <> 3 AND p.code IS NOT NULL)

-- name: verify_pickup_codes
SELECT id, code
FROM pickups
WHERE code IS NOT NULL

-- name: verify_productions
SELECT p.order_id
FROM productions p
LEFT JOIN order_lines l ON l.order_id = p.order_id AND l.n = p.n
WHERE l.order_id IS NULL OR l.sku_id <> p.sku_id
    OR (p.status < 3 AND l.picked + l.shipped > 0)
