-- A job of labels whose items come one by one (1) is not done before somebody
-- says that no more will come.

-- step: label_jobs_open
-- only: sqlite
ALTER TABLE label_jobs ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0

-- step: label_jobs_open
-- only: postgres
ALTER TABLE label_jobs ADD COLUMN IF NOT EXISTS is_open BIGINT NOT NULL DEFAULT 0
