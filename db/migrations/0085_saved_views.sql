-- Views of lists that people keep: a name and the filters as they stand in the
-- address. Of a person or a key; for itself or for the whole shop.

-- step: saved_views
CREATE TABLE IF NOT EXISTS saved_views (
    id BIGINT PRIMARY KEY,
    list BIGINT NOT NULL CHECK (list > 0),
    owner_kind BIGINT NOT NULL CHECK (owner_kind BETWEEN 1 AND 4),
    owner_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    is_shared BIGINT NOT NULL CHECK (is_shared IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: saved_views_own
CREATE UNIQUE INDEX IF NOT EXISTS saved_views_own ON saved_views (owner_kind, owner_id, list, name)

-- step: saved_views_shared
CREATE INDEX IF NOT EXISTS saved_views_shared ON saved_views (list) WHERE is_shared = 1
