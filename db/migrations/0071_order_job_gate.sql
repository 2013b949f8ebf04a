-- Its one row is locked by whoever begins a job, so that the count of those
-- under way holds.
-- step: order_job_gate
CREATE TABLE IF NOT EXISTS order_job_gate (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    begun BIGINT NOT NULL
) -- sqlite: STRICT
