-- Tenants: whom this installation serves. Filled in a control store; other
-- stores have these tables and leave all but usage_days empty.

-- step: tenants
CREATE TABLE IF NOT EXISTS tenants (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state BIGINT NOT NULL CHECK (state IN (1, 2)),
    wake_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: tenant_hosts
CREATE TABLE IF NOT EXISTS tenant_hosts (
    host TEXT PRIMARY KEY,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id)
) -- sqlite: STRICT, WITHOUT ROWID

-- What a request shows of itself, hashed: an API key or a session. Says whose
-- store to look into, not whether it is still good.
-- step: tenant_credentials
CREATE TABLE IF NOT EXISTS tenant_credentials (
    hash TEXT PRIMARY KEY,
    id BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: tenant_credentials_id
CREATE INDEX IF NOT EXISTS tenant_credentials_id ON tenant_credentials (id)

-- step: tenant_usage
CREATE TABLE IF NOT EXISTS tenant_usage (
    tenant_id BIGINT NOT NULL REFERENCES tenants (id),
    day BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, name)
) -- sqlite: STRICT, WITHOUT ROWID

-- What this store was used for, by UTC day (days since 1970).
-- step: usage_days
CREATE TABLE IF NOT EXISTS usage_days (
    day BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (day, name)
) -- sqlite: STRICT, WITHOUT ROWID
