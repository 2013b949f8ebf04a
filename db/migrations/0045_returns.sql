-- Goods that come back: by which rules, which, and what became of them.

-- step: return_policies
CREATE TABLE IF NOT EXISTS return_policies (
    channel_id BIGINT PRIMARY KEY,
    doc JSONB NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: returns
CREATE TABLE IF NOT EXISTS returns (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 9),
    origin BIGINT NOT NULL CHECK (origin BETWEEN 1 AND 2),
    location_id BIGINT NOT NULL,
    note TEXT,
    why TEXT,
    expires_at BIGINT,
    closed_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (order_id, n)
) -- sqlite: STRICT

-- step: returns_state
CREATE INDEX IF NOT EXISTS returns_state ON returns (state, id)

-- step: returns_location
CREATE INDEX IF NOT EXISTS returns_location ON returns (location_id, state, id)

-- Those that may run out.
-- step: returns_due
CREATE INDEX IF NOT EXISTS returns_due ON returns (expires_at) WHERE expires_at IS NOT NULL

-- step: return_lines
CREATE TABLE IF NOT EXISTS return_lines (
    return_id BIGINT NOT NULL,
    i BIGINT NOT NULL CHECK (i > 0),
    bucket BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    qty BIGINT NOT NULL CHECK (qty > 0),
    reason TEXT NOT NULL,
    note TEXT,
    photo TEXT,
    returned BIGINT NOT NULL CHECK (returned >= 0),
    written_off BIGINT NOT NULL CHECK (written_off >= 0),
    dropped BIGINT NOT NULL CHECK (dropped >= 0),
    CHECK (returned + written_off + dropped <= qty),
    PRIMARY KEY (return_id, i)
) -- sqlite: STRICT, WITHOUT ROWID

-- Alike units; of a kit those of one component.
-- step: return_units
CREATE TABLE IF NOT EXISTS return_units (
    return_id BIGINT NOT NULL,
    u BIGINT NOT NULL CHECK (u > 0),
    bucket BIGINT NOT NULL,
    i BIGINT NOT NULL CHECK (i > 0),
    sku_id BIGINT NOT NULL,
    per BIGINT NOT NULL CHECK (per > 0),
    qty BIGINT NOT NULL CHECK (qty > 0),
    reception BIGINT NOT NULL CHECK (reception BETWEEN 1 AND 9),
    acceptance BIGINT NOT NULL CHECK (acceptance BETWEEN 1 AND 4),
    disposition BIGINT NOT NULL CHECK (disposition BETWEEN 0 AND 7),
    location_id BIGINT NOT NULL,
    lot TEXT,
    serials JSONB NOT NULL,
    PRIMARY KEY (return_id, u)
) -- sqlite: STRICT, WITHOUT ROWID
