-- Commands on many orders at once, one request. State: 1 under way, 2 done,
-- 3 cancelled. What people wrote (`params`) stands here only while it is under
-- way.

-- step: order_jobs
CREATE TABLE IF NOT EXISTS order_jobs (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    action BIGINT NOT NULL CHECK (action BETWEEN 1 AND 8),
    params JSONB NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    actor_kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    label_job_id BIGINT,
    total BIGINT NOT NULL CHECK (total > 0),
    asked BIGINT NOT NULL CHECK (asked >= 0),
    done BIGINT NOT NULL CHECK (done >= 0),
    failed BIGINT NOT NULL CHECK (failed >= 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (asked + done + failed <= total)
) -- sqlite: STRICT

-- step: order_jobs_live
CREATE INDEX IF NOT EXISTS order_jobs_live ON order_jobs (updated_at, id) WHERE state = 1

-- State: 1 waits, 2 asked (its labels), 3 done, 4 failed.
-- step: order_job_items
CREATE TABLE IF NOT EXISTS order_job_items (
    job_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    order_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 4),
    code TEXT NOT NULL,
    field TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (job_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: order_job_items_waiting
CREATE INDEX IF NOT EXISTS order_job_items_waiting ON order_job_items (job_id, n) WHERE state = 1

-- step: order_job_items_order
CREATE INDEX IF NOT EXISTS order_job_items_order ON order_job_items (order_id)

-- step: order_job_items_failed
CREATE INDEX IF NOT EXISTS order_job_items_failed ON order_job_items (job_id, n) WHERE state = 4
