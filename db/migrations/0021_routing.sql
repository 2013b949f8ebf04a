-- Routing: strategies as documents, sites, tables of zones and services, how
-- full sites are, and what was promised.

-- NULL: the plain list of locations.
-- step: routing_strategies_doc
-- only: sqlite
ALTER TABLE routing_strategies ADD COLUMN doc TEXT

-- step: routing_strategies_doc
-- only: postgres
ALTER TABLE routing_strategies ADD COLUMN IF NOT EXISTS doc JSONB

-- step: routing_sites
CREATE TABLE IF NOT EXISTS routing_sites (
    location_id BIGINT PRIMARY KEY REFERENCES locations (id),
    version BIGINT NOT NULL CHECK (version > 0),
    doc JSONB NOT NULL
) -- sqlite: STRICT

-- 1 markets, 2 zones, 3 services, 4 transit, 5 rates.
-- step: routing_tables
CREATE TABLE IF NOT EXISTS routing_tables (
    id BIGINT PRIMARY KEY CHECK (id BETWEEN 1 AND 5),
    version BIGINT NOT NULL CHECK (version > 0),
    doc JSONB NOT NULL
) -- sqlite: STRICT

-- Where postal codes that begin so lie.
-- step: routing_points
CREATE TABLE IF NOT EXISTS routing_points (
    country TEXT NOT NULL CHECK (length(country) = 2),
    prefix TEXT NOT NULL CHECK (length(prefix) > 0),
    lat_e6 BIGINT NOT NULL CHECK (lat_e6 BETWEEN -90000000 AND 90000000),
    lon_e6 BIGINT NOT NULL CHECK (lon_e6 BETWEEN -180000000 AND 180000000),
    PRIMARY KEY (country, prefix)
) -- sqlite: STRICT, WITHOUT ROWID

-- A new number with each change of what routing keeps in memory: 1 locations,
-- 2 everything of the routing room.
-- step: routing_stamps
CREATE TABLE IF NOT EXISTS routing_stamps (
    id BIGINT PRIMARY KEY,
    stamp BIGINT NOT NULL
) -- sqlite: STRICT

-- What was routed to a site in a day (kind 1) or an hour (kind 2) of its own;
-- only of sites that have a capacity.
-- step: routing_loads
CREATE TABLE IF NOT EXISTS routing_loads (
    location_id BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind IN (1, 2)),
    window_at BIGINT NOT NULL,
    orders BIGINT NOT NULL CHECK (orders >= 0),
    units BIGINT NOT NULL CHECK (units >= 0),
    PRIMARY KEY (location_id, kind, window_at)
) -- sqlite: STRICT, WITHOUT ROWID

-- What of those loads is whose; given back when the units are cancelled.
-- step: routing_claims
CREATE TABLE IF NOT EXISTS routing_claims (
    order_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    units BIGINT NOT NULL CHECK (units >= 0),
    day_at BIGINT NOT NULL,
    hour_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, id)
) -- sqlite: STRICT, WITHOUT ROWID

-- One per location an order ships from.
-- step: order_promises
CREATE TABLE IF NOT EXISTS order_promises (
    order_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    promise_at BIGINT NOT NULL,
    doc JSONB NOT NULL,
    PRIMARY KEY (order_id, location_id)
) -- sqlite: STRICT, WITHOUT ROWID
