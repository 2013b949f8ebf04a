-- notify.sql - webhooks and what is under way to them.

-- ---- endpoints ----

-- name: webhook_add
INSERT INTO webhooks (id, url, types, description, is_active, disabled_reason,
    secret, cursor_xid, cursor_id, cursor_seq, taken, lease_owner, lease_until,
    created_at, updated_at, version)
VALUES (:id::bigint, :url::text, :types::text, :description::text,
    :is_active::bigint, :disabled_reason::text, :secret::text,
    :cursor_xid::bigint, :cursor_id::bigint, 1, 0, 0, 0, :now::bigint,
    :now::bigint, 1)

-- name: webhook_count
SELECT COUNT(*) FROM webhooks WHERE deleted_at IS NULL

-- name: webhook_row
SELECT id, url, types, description, is_active, disabled_reason, secret,
    old_secret, old_until, cursor_xid, cursor_id, cursor_seq, taken,
    failing_since, last_attempt_at, last_success_at, last_status, last_error,
    lease_owner, lease_until, created_at, updated_at, version, replay_since,
    replay_xid, replay_id
FROM webhooks WHERE id = :id::bigint AND deleted_at IS NULL

-- name: webhook_lock
SELECT id, url, types, description, is_active, disabled_reason, secret,
    old_secret, old_until, cursor_xid, cursor_id, cursor_seq, taken,
    failing_since, last_attempt_at, last_success_at, last_status, last_error,
    lease_owner, lease_until, created_at, updated_at, version, replay_since,
    replay_xid, replay_id
FROM webhooks WHERE id = :id::bigint AND deleted_at IS NULL
-- postgres: FOR UPDATE

-- name: webhook_page
SELECT id, url, types, description, is_active, disabled_reason, secret,
    old_secret, old_until, cursor_xid, cursor_id, cursor_seq, taken,
    failing_since, last_attempt_at, last_success_at, last_status, last_error,
    lease_owner, lease_until, created_at, updated_at, version, replay_since,
    replay_xid, replay_id
FROM webhooks WHERE id > :after::bigint AND deleted_at IS NULL
ORDER BY id
LIMIT :limit::bigint

-- name: webhook_save
UPDATE webhooks SET url = :url::text, types = :types::text,
    description = :description::text, is_active = :is_active::bigint,
    disabled_reason = :disabled_reason::text,
    failing_since = :failing_since::bigint, updated_at = :now::bigint,
    version = version + 1
WHERE id = :id::bigint

-- name: webhook_secret_save
UPDATE webhooks SET secret = :secret::text, old_secret = :old_secret::text,
    old_until = :old_until::bigint, updated_at = :now::bigint,
    version = version + 1
WHERE id = :id::bigint

-- The row stays, for the events that name it; nothing of what it held does.
-- name: webhook_delete
UPDATE webhooks SET url = '', types = '', description = '', is_active = 0,
    disabled_reason = 'by_hand', secret = '', old_secret = NULL,
    old_until = NULL, updated_at = :now::bigint, deleted_at = :now::bigint,
    version = version + 1
WHERE id = :id::bigint AND deleted_at IS NULL

-- name: webhook_rewind
UPDATE webhooks SET cursor_xid = :xid::bigint, cursor_id = :cursor_id::bigint,
    cursor_seq = cursor_seq + 1, replay_since = :since::bigint,
    replay_xid = :replay_xid::bigint, replay_id = :replay_id::bigint,
    updated_at = :now::bigint, version = version + 1
WHERE id = :id::bigint

-- ---- taking events ----

-- name: webhook_lease
UPDATE webhooks SET lease_owner = :owner::bigint, lease_until = :until::bigint
WHERE id = :id::bigint AND is_active = 1
    AND (lease_owner = :owner::bigint OR lease_until < :now::bigint)

-- name: webhook_unlease
UPDATE webhooks SET lease_owner = 0, lease_until = 0
WHERE lease_owner = :owner::bigint OR :all::bigint = 1

-- name: webhook_take
UPDATE webhooks SET cursor_xid = :xid::bigint, cursor_id = :cursor_id::bigint,
    taken = taken + :count::bigint
WHERE id = :id::bigint AND cursor_seq = :seq::bigint
    AND taken = :taken::bigint

-- A repeated event goes out anew, unless it still waits.
-- name: delivery_add
-- many
INSERT INTO deliveries (webhook_id, n, bucket, event_id, state, attempts,
    next_at, created_at)
VALUES (:webhook_id::bigint, :n::bigint, :bucket::bigint, :event_id::bigint,
    1, 0, :now::bigint, :now::bigint)
ON CONFLICT (webhook_id, event_id) DO UPDATE SET n = excluded.n, state = 1,
    attempts = 0, next_at = excluded.next_at
WHERE deliveries.state IN (2, 4)
-- postgres many body:
INSERT INTO deliveries (webhook_id, n, bucket, event_id, state, attempts,
    next_at, created_at)
SELECT k.webhook_id, k.n, k.bucket, k.event_id, 1, 0, k.now, k.now
FROM unnest(:webhook_id::bigint[], :n::bigint[], :bucket::bigint[],
    :event_id::bigint[], :now::bigint[])
    AS k (webhook_id, n, bucket, event_id, now)
ON CONFLICT (webhook_id, event_id) DO UPDATE SET n = excluded.n, state = 1,
    attempts = 0, next_at = excluded.next_at
WHERE deliveries.state IN (2, 4)

-- ---- sending ----

-- name: delivery_due
SELECT e.id, 0, e.at, e.type, e.subject_kind, e.subject_id, e.actor_kind,
    e.actor_id, e.data, d.n, d.attempts
FROM deliveries d
JOIN events e ON e.id = d.event_id
WHERE d.webhook_id = :webhook_id::bigint AND d.state IN (1, 3)
    AND d.next_at <= :now::bigint
ORDER BY d.n
LIMIT :limit::bigint

-- name: delivery_waiting
SELECT COUNT(*), MIN(next_at)
FROM (SELECT next_at FROM deliveries
    WHERE webhook_id = :webhook_id::bigint AND state IN (1, 3)
    ORDER BY n LIMIT :cap::bigint) AS waiting

-- name: delivery_record
UPDATE deliveries SET state = :state::bigint, attempts = attempts + 1,
    next_at = :next_at::bigint, last_at = :last_at::bigint,
    last_status = :last_status::bigint, last_error = :last_error::text,
    duration_ms = :duration_ms::bigint
WHERE webhook_id = :webhook_id::bigint AND n = :n::bigint
    AND event_id = :event_id::bigint AND attempts = :attempts::bigint
    AND state IN (1, 3)

-- name: webhook_health
UPDATE webhooks SET failing_since = :failing_since::bigint,
    last_attempt_at = :last_attempt_at::bigint,
    last_success_at = :last_success_at::bigint,
    last_status = :last_status::bigint, last_error = :last_error::text
WHERE id = :id::bigint

-- name: webhook_disable
UPDATE webhooks SET is_active = 0, disabled_reason = :reason::text,
    updated_at = :now::bigint, version = version + 1
WHERE id = :id::bigint AND is_active = 1

-- ---- what became of them ----

-- name: delivery_page
SELECT d.n, d.event_id, d.state, d.attempts, d.next_at, d.created_at,
    d.last_at, d.last_status, d.last_error, d.duration_ms, e.type
FROM deliveries d
LEFT JOIN events e ON e.id = d.event_id
WHERE d.webhook_id = :webhook_id::bigint AND d.n < :before::bigint
    AND (:state::bigint = 0 OR d.state = :state::bigint)
ORDER BY d.n DESC
LIMIT :limit::bigint

-- name: delivery_row
SELECT d.n, d.event_id, d.state, d.attempts, d.next_at, d.created_at,
    d.last_at, d.last_status, d.last_error, d.duration_ms, e.type
FROM deliveries d
LEFT JOIN events e ON e.id = d.event_id
WHERE d.webhook_id = :webhook_id::bigint AND d.event_id = :event_id::bigint

-- name: delivery_replay
UPDATE deliveries SET state = 1, attempts = 0, next_at = :now::bigint
WHERE webhook_id = :webhook_id::bigint AND event_id = :event_id::bigint

-- name: delivery_dead
SELECT event_id
FROM deliveries
WHERE webhook_id = :webhook_id::bigint AND state = 4
    AND created_at >= :since::bigint
ORDER BY n
LIMIT :limit::bigint

-- What stands just before the first event since then, of those up to a place in
-- the log. Ids may run ahead of the clock, never behind it. On PostgreSQL the
-- sum keeps the planner from walking the log from its beginning: what has ids
-- from then on is about as long as the replay.
-- name: event_first_since
SELECT 0, id - 1 FROM events
WHERE id >= :least::bigint AND id <= :id::bigint AND at >= :since::bigint
    AND :xid::bigint IS NOT NULL
ORDER BY id LIMIT 1
-- postgres body:
SELECT xid, id - 1 FROM events
WHERE id >= :least::bigint AND at >= :since::bigint
    AND (xid, id) <= (:xid::bigint, :id::bigint)
ORDER BY xid + 0, id LIMIT 1

-- Old ones of an endpoint; what waits stays.
-- name: delivery_prune
DELETE FROM deliveries
WHERE webhook_id = :webhook_id::bigint AND n IN (
    SELECT n FROM deliveries
    WHERE webhook_id = :webhook_id::bigint AND (
        (state = 2 AND (n <= :delivered::bigint OR created_at < :day::bigint))
        OR (state = 4 AND (n <= :dead::bigint OR created_at < :month::bigint)))
    ORDER BY n LIMIT :limit::bigint)

-- name: delivery_delete_all
DELETE FROM deliveries WHERE webhook_id = :webhook_id::bigint

-- ---- verify ----

-- name: verify_webhooks
SELECT id, secret, old_secret, taken FROM webhooks WHERE deleted_at IS NULL

-- name: verify_deliveries
SELECT d.webhook_id, d.event_id, d.n, w.id, w.taken, e.id, d.bucket,
    d.state, d.attempts
FROM deliveries d
LEFT JOIN webhooks w ON w.id = d.webhook_id
LEFT JOIN events e ON e.id = d.event_id
WHERE w.id IS NULL OR e.id IS NULL OR d.n > w.taken
    OR d.bucket <> (d.webhook_id & 255)
    OR (d.state IN (2, 3) AND d.attempts = 0)
