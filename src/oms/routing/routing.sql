-- routing.sql - rankings of channels and the record of each decision.

-- name: routing_strategy_list
SELECT s.channel_id, s.version, c.rank, c.location_id
FROM routing_strategies s
LEFT JOIN channel_locations c ON c.channel_id = s.channel_id
WHERE s.channel_id = :channel_id::bigint

-- name: routing_strategy_doc
SELECT doc FROM routing_strategies WHERE channel_id = :channel_id::bigint

-- name: routing_version_lock
SELECT version FROM routing_strategies WHERE channel_id = :channel_id::bigint
-- postgres: FOR UPDATE

-- name: routing_strategy_save
INSERT INTO routing_strategies (channel_id, version, doc)
VALUES (:channel_id::bigint, :version::bigint, :doc::jsonb)
ON CONFLICT (channel_id) DO UPDATE SET version = excluded.version,
    doc = excluded.doc

-- name: routing_location_clear
DELETE FROM channel_locations WHERE channel_id = :channel_id::bigint

-- name: routing_location_insert
-- many
INSERT INTO channel_locations (channel_id, rank, location_id)
VALUES (:channel_id::bigint, :rank::bigint, :location_id::bigint)

-- name: routing_brand_get
SELECT brand, version, doc FROM routing_brands WHERE brand = :brand::text

-- name: routing_brand_of
SELECT b.brand, b.version, b.doc FROM channels c
JOIN routing_brands b ON b.brand = c.brand
WHERE c.id = :channel_id::bigint

-- name: routing_brand_channel
SELECT id FROM channels WHERE brand = :brand::text LIMIT 1

-- name: routing_brand_page
SELECT brand, version, doc FROM routing_brands
WHERE brand > :after::text
ORDER BY brand LIMIT :limit::bigint

-- name: routing_brand_save
INSERT INTO routing_brands (brand, version, doc)
VALUES (:brand::text, :version::bigint, :doc::jsonb)
ON CONFLICT (brand) DO UPDATE SET version = excluded.version,
    doc = excluded.doc
WHERE routing_brands.version = excluded.version - 1

-- name: routing_decision_insert
-- later
-- many
-- hot
INSERT INTO routing_decisions (id, bucket, order_id, strategy_version, at, doc,
    candidates)
VALUES (:id::bigint, :bucket::bigint, :order_id::bigint,
    :strategy_version::bigint, :at::bigint, :doc::jsonb, :candidates::text)

-- name: routing_decision_list
SELECT id, strategy_version, at, doc, doc ->> 'rule', candidates
FROM routing_decisions
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
ORDER BY id

-- name: routing_decision_page
SELECT id, strategy_version, at, doc, doc ->> 'rule', candidates
FROM routing_decisions
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
  AND id > :after::bigint
ORDER BY id
LIMIT :limit::bigint

-- ---- what is kept in memory ----

-- name: routing_stamp_list
SELECT id, stamp FROM routing_stamps WHERE id IN (1, 2)

-- name: routing_stamp_save
INSERT INTO routing_stamps (id, stamp) VALUES (2, :stamp::bigint)
ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp

-- name: routing_site_all
SELECT location_id, version, doc FROM routing_sites ORDER BY location_id

-- name: routing_site_get
SELECT version, doc FROM routing_sites
WHERE location_id = :location_id::bigint

-- name: routing_site_page
SELECT l.id, l.code, COALESCE(s.version, 0), COALESCE(s.doc, '{}')
FROM locations l
LEFT JOIN routing_sites s ON s.location_id = l.id
WHERE l.id > :after::bigint
ORDER BY l.id LIMIT :limit::bigint

-- name: routing_site_lock
SELECT version FROM routing_sites WHERE location_id = :location_id::bigint
-- postgres: FOR UPDATE

-- name: routing_site_save
INSERT INTO routing_sites (location_id, version, doc)
VALUES (:location_id::bigint, :version::bigint, :doc::jsonb)
ON CONFLICT (location_id) DO UPDATE SET version = excluded.version,
    doc = excluded.doc

-- In the order of the numbers: rows of a table name those before it.
-- name: routing_table_all
SELECT id, version, doc FROM routing_tables ORDER BY id

-- name: routing_table_get
SELECT version, doc FROM routing_tables WHERE id = :id::bigint

-- name: routing_table_lock
SELECT version FROM routing_tables WHERE id = :id::bigint
-- postgres: FOR UPDATE

-- name: routing_table_save
INSERT INTO routing_tables (id, version, doc)
VALUES (:id::bigint, :version::bigint, :doc::jsonb)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, doc = excluded.doc

-- ---- where buyers are ----

-- name: routing_point_find
SELECT country, prefix, lat_e6, lon_e6 FROM routing_points
WHERE country = :country::text AND prefix = :prefix::text
-- postgres many body:
SELECT p.country, p.prefix, p.lat_e6, p.lon_e6
FROM unnest(:country::text[], :prefix::text[]) AS k(country, prefix)
JOIN routing_points p ON p.country = k.country AND p.prefix = k.prefix

-- name: routing_point_clear
DELETE FROM routing_points WHERE country = :country::text

-- name: routing_point_add
-- many
INSERT INTO routing_points (country, prefix, lat_e6, lon_e6)
VALUES (:country::text, :prefix::text, :lat_e6::bigint, :lon_e6::bigint)
ON CONFLICT (country, prefix) DO UPDATE SET lat_e6 = excluded.lat_e6,
    lon_e6 = excluded.lon_e6

-- name: routing_point_page
SELECT prefix, lat_e6, lon_e6 FROM routing_points
WHERE country = :country::text AND prefix > :after::text
ORDER BY prefix LIMIT :limit::bigint

-- ---- how full sites are ----

-- name: routing_load_list
SELECT location_id, kind, window_at, orders, units FROM routing_loads
WHERE location_id = :location_id::bigint AND kind = :kind::bigint
    AND window_at = :window_at::bigint
-- postgres many body:
SELECT r.location_id, r.kind, r.window_at, r.orders, r.units
FROM unnest(:location_id::bigint[], :kind::bigint[], :window_at::bigint[])
    AS k(location_id, kind, window_at)
JOIN routing_loads r ON r.location_id = k.location_id AND r.kind = k.kind
    AND r.window_at = k.window_at

-- name: routing_load_open
-- many
INSERT INTO routing_loads (location_id, kind, window_at, orders, units)
VALUES (:location_id::bigint, :kind::bigint, :window_at::bigint, 0, 0)
ON CONFLICT (location_id, kind, window_at) DO NOTHING

-- name: routing_load_lock
SELECT location_id, kind, window_at, orders, units FROM routing_loads
WHERE location_id = :location_id::bigint AND kind = :kind::bigint
    AND window_at = :window_at::bigint
-- postgres many body:
SELECT r.location_id, r.kind, r.window_at, r.orders, r.units
FROM routing_loads r
JOIN unnest(:location_id::bigint[], :kind::bigint[], :window_at::bigint[])
    AS k(location_id, kind, window_at) ON r.location_id = k.location_id
    AND r.kind = k.kind AND r.window_at = k.window_at
ORDER BY r.location_id, r.kind, r.window_at
FOR UPDATE OF r

-- name: routing_load_add
UPDATE routing_loads SET orders = orders + :orders::bigint,
    units = units + :units::bigint
WHERE location_id = :location_id::bigint AND kind = :kind::bigint
    AND window_at = :window_at::bigint
-- postgres many body:
UPDATE routing_loads r SET orders = r.orders + k.orders,
    units = r.units + k.units
FROM unnest(:orders::bigint[], :units::bigint[], :location_id::bigint[],
    :kind::bigint[], :window_at::bigint[])
    AS k(orders, units, location_id, kind, window_at)
WHERE r.location_id = k.location_id AND r.kind = k.kind
    AND r.window_at = k.window_at

-- name: routing_claim_add
-- many
INSERT INTO routing_claims (order_id, id, location_id, bucket, units, day_at,
    hour_at)
VALUES (:order_id::bigint, :id::bigint, :location_id::bigint, :bucket::bigint,
    :units::bigint, :day_at::bigint, :hour_at::bigint)

-- name: routing_claim_list
SELECT location_id, units, day_at, hour_at, id FROM routing_claims
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
ORDER BY location_id, id DESC

-- name: routing_claim_save
UPDATE routing_claims SET units = :units::bigint
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND id = :id::bigint

-- name: routing_load_purge
DELETE FROM routing_loads WHERE (location_id, kind, window_at) IN (
    SELECT location_id, kind, window_at FROM routing_loads
    WHERE window_at < :before::bigint LIMIT :limit::bigint)

-- name: routing_claim_purge
DELETE FROM routing_claims WHERE (order_id, id) IN (
    SELECT order_id, id FROM routing_claims
    WHERE order_id < :order_id::bigint AND day_at < :day_at::bigint
        AND hour_at < :hour_at::bigint
    ORDER BY order_id, id LIMIT :limit::bigint)

-- The hour that was last begun with what comes with it.
-- name: routing_hour_get
SELECT stamp FROM routing_stamps WHERE id = 3

-- name: routing_hour_save
INSERT INTO routing_stamps (id, stamp) VALUES (3, :stamp::bigint)
ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp

-- ---- promises ----

-- name: routing_promise_add
-- later
-- many
INSERT INTO order_promises (order_id, location_id, bucket, promise_at, doc)
VALUES (:order_id::bigint, :location_id::bigint, :bucket::bigint,
    :promise_at::bigint, :doc::jsonb)
ON CONFLICT (order_id, location_id) DO UPDATE SET
    promise_at = excluded.promise_at, doc = excluded.doc

-- name: routing_promise_drop
DELETE FROM order_promises
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
    AND location_id = :location_id::bigint

-- name: routing_promise_list
SELECT order_id, location_id, promise_at, doc ->> 'ship_at', doc
FROM order_promises
WHERE bucket = :bucket::bigint AND order_id = :order_id::bigint
-- postgres many body:
SELECT p.order_id, p.location_id, p.promise_at, p.doc ->> 'ship_at', p.doc
FROM (SELECT DISTINCT bucket, order_id
    FROM unnest(:bucket::bigint[], :order_id::bigint[])
    AS u (bucket, order_id)) k
JOIN order_promises p ON p.bucket = k.bucket AND p.order_id = k.order_id

-- ---- verify ----

-- name: routing_verify_loads
SELECT l.location_id FROM routing_loads l
LEFT JOIN (
    SELECT location_id, 1 AS kind, day_at AS window_at,
        SUM(CASE WHEN units > 0 THEN 1 ELSE 0 END)::bigint AS orders,
        SUM(units)::bigint AS units
    FROM routing_claims GROUP BY location_id, day_at
    UNION ALL
    SELECT location_id, 2, hour_at,
        SUM(CASE WHEN units > 0 THEN 1 ELSE 0 END)::bigint,
        SUM(units)::bigint
    FROM routing_claims GROUP BY location_id, hour_at) AS c
    ON c.location_id = l.location_id AND c.kind = l.kind
    AND c.window_at = l.window_at
WHERE l.orders <> COALESCE(c.orders, 0) OR l.units <> COALESCE(c.units, 0)

-- name: routing_verify_promises
SELECT order_id, promise_at, COALESCE(doc ->> 'promise_at', ''),
    COALESCE(doc ->> 'ship_at', '')
FROM order_promises
