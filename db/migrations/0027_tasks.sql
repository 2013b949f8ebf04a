-- What waits for a person: one open task for each kind and subject.

-- step: tasks
CREATE TABLE IF NOT EXISTS tasks (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state IN (1, 2)),
    owner_role TEXT NOT NULL,
    owner_user_id BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    times BIGINT NOT NULL CHECK (times > 0),
    resolution BIGINT NOT NULL CHECK (resolution BETWEEN 0 AND 4),
    note TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    resolved_at BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    CHECK ((state = 2) = (resolution > 0)),
    CHECK ((state = 2) = (resolved_at > 0))
) -- sqlite: STRICT

-- step: tasks_one
CREATE UNIQUE INDEX IF NOT EXISTS tasks_one ON tasks (subject_id, kind) WHERE state = 1

-- step: tasks_due
CREATE INDEX IF NOT EXISTS tasks_due ON tasks (due_at, id) WHERE state = 1

-- step: tasks_order
CREATE INDEX IF NOT EXISTS tasks_order ON tasks (order_id, id) WHERE order_id > 0

-- Tracking tokens of an older generation are no longer good. Orders without a
-- row are in their first.
-- step: order_tracks
CREATE TABLE IF NOT EXISTS order_tracks (
    order_id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation > 1)
) -- sqlite: STRICT
