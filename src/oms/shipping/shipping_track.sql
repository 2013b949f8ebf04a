-- shipping_track.sql - generations of tracking tokens.

-- name: track_generation
SELECT generation FROM order_tracks WHERE order_id = :order_id::bigint

-- name: track_revoke
INSERT INTO order_tracks (order_id, bucket, generation)
VALUES (:order_id::bigint, :bucket::bigint, :generation::bigint)
ON CONFLICT (order_id) DO UPDATE SET generation = excluded.generation
