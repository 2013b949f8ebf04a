-- Jobs over orders that ended long ago are removed, the oldest first.

-- step: order_jobs_over
CREATE INDEX IF NOT EXISTS order_jobs_over ON order_jobs (updated_at, id) WHERE state <> 1 AND asked = 0
