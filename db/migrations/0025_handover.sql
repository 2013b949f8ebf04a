-- Parcels handed over: what carriers say of them, manifests, pickups, and
-- labels made in bulk.

-- dedupe: the carrier's own id of the fact, or what it says.
-- step: tracking_events
CREATE TABLE IF NOT EXISTS tracking_events (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    package_id BIGINT NOT NULL,
    code BIGINT NOT NULL CHECK (code BETWEEN 1 AND 15),
    raw TEXT NOT NULL,
    place TEXT NOT NULL,
    dedupe TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    is_applied BIGINT NOT NULL CHECK (is_applied IN (0, 1)),
    by_hand BIGINT NOT NULL CHECK (by_hand IN (0, 1))
) -- sqlite: STRICT

-- step: tracking_events_once
-- only: sqlite
CREATE UNIQUE INDEX IF NOT EXISTS tracking_events_once ON tracking_events (package_id, dedupe)

-- step: tracking_events_once
-- only: postgres
CREATE UNIQUE INDEX IF NOT EXISTS tracking_events_once ON tracking_events (bucket, package_id, dedupe)

-- State: 1 requested (its carrier is being told), 2 confirmed, 3 refused.
-- step: manifests
CREATE TABLE IF NOT EXISTS manifests (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    location_id BIGINT NOT NULL REFERENCES locations (id),
    account_id BIGINT NOT NULL REFERENCES carrier_accounts (id),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    packages BIGINT NOT NULL CHECK (packages > 0),
    weight_g BIGINT NOT NULL CHECK (weight_g >= 0),
    confirmation TEXT NOT NULL,
    error TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- A carrier comes for parcels. State: 1 requested, 2 confirmed, 3 refused, 4
-- cancelled.
-- step: carrier_pickups
CREATE TABLE IF NOT EXISTS carrier_pickups (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    location_id BIGINT NOT NULL REFERENCES locations (id),
    account_id BIGINT NOT NULL REFERENCES carrier_accounts (id),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    ready_at BIGINT NOT NULL,
    until BIGINT NOT NULL CHECK (until > ready_at),
    packages BIGINT NOT NULL CHECK (packages >= 0),
    confirmation TEXT NOT NULL,
    error TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- Labels in bulk. State: 1 under way, 2 done, 3 cancelled.
-- step: label_jobs
CREATE TABLE IF NOT EXISTS label_jobs (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    account TEXT NOT NULL,
    service TEXT NOT NULL,
    total BIGINT NOT NULL CHECK (total > 0),
    asked BIGINT NOT NULL CHECK (asked >= 0),
    bought BIGINT NOT NULL CHECK (bought >= 0),
    refused BIGINT NOT NULL CHECK (refused >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (bought + refused <= total),
    CHECK (asked <= total)
) -- sqlite: STRICT

-- step: label_jobs_live
CREATE INDEX IF NOT EXISTS label_jobs_live ON label_jobs (id) WHERE state = 1

-- An item is a parcel, or a fulfillment order whose parcels are made by it (its
-- first one stands here, the others follow as items of their own behind
-- `total`). State: 1 waits, 2 asked, 3 bought, 4 refused.
-- step: label_job_items
CREATE TABLE IF NOT EXISTS label_job_items (
    job_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    fo_id BIGINT,
    package_id BIGINT,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    code TEXT NOT NULL,
    field TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (job_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: label_job_items_waiting
CREATE INDEX IF NOT EXISTS label_job_items_waiting ON label_job_items (job_id, n) WHERE state = 1

-- step: label_job_items_package
CREATE INDEX IF NOT EXISTS label_job_items_package ON label_job_items (job_id, package_id)
