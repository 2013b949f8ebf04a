-- routing.sql - rankings of channels and the record of each decision.

-- name: routing_strategy_list
SELECT s.channel_id, s.version, c.rank, c.location_id
FROM routing_strategies s
LEFT JOIN channel_locations c ON c.channel_id = s.channel_id
WHERE s.channel_id = :channel_id::bigint
-- postgres many body:
SELECT s.channel_id, s.version, c.rank, c.location_id
FROM routing_strategies s
LEFT JOIN channel_locations c ON c.channel_id = s.channel_id
WHERE s.channel_id = ANY(:channel_id::bigint[])

-- name: routing_version_lock
SELECT version FROM routing_strategies WHERE channel_id = :channel_id::bigint
-- postgres: FOR UPDATE

-- name: routing_strategy_save
INSERT INTO routing_strategies (channel_id, version)
VALUES (:channel_id::bigint, :version::bigint)
ON CONFLICT (channel_id) DO UPDATE SET version = excluded.version

-- name: routing_location_clear
DELETE FROM channel_locations WHERE channel_id = :channel_id::bigint

-- name: routing_location_insert
-- many
INSERT INTO channel_locations (channel_id, rank, location_id)
VALUES (:channel_id::bigint, :rank::bigint, :location_id::bigint)

-- name: routing_decision_insert
-- later
-- many
-- hot
INSERT INTO routing_decisions (id, bucket, order_id, strategy_version, at, doc)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint,
    :strategy_version::bigint, :at::bigint, :doc::jsonb)

-- name: routing_decision_list
SELECT id, strategy_version, at, doc, doc ->> 'rule' FROM routing_decisions
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
ORDER BY id
