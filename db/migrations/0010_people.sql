-- People: users, their roles and sessions; what keys got beside their rows.
-- Small tables: reference tables where the store is distributed.

-- step: users
CREATE TABLE IF NOT EXISTS users (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL,
    email_fold TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    password_hash TEXT,
    password_at BIGINT,
    device_key TEXT NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: roles
CREATE TABLE IF NOT EXISTS roles (
    code TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    perms BIGINT NOT NULL CHECK (perms > 0),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL
) -- sqlite: STRICT, WITHOUT ROWID

-- step: user_roles
CREATE TABLE IF NOT EXISTS user_roles (
    user_id BIGINT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: user_roles_role
CREATE INDEX IF NOT EXISTS user_roles_role ON user_roles (role, user_id)

-- step: sessions
CREATE TABLE IF NOT EXISTS sessions (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    peer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL CHECK (expires_at > created_at)
) -- sqlite: STRICT

-- step: sessions_user
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id, id)

-- step: api_key_limits
CREATE TABLE IF NOT EXISTS api_key_limits (
    key_id BIGINT PRIMARY KEY REFERENCES api_keys (id),
    rate_per_s BIGINT NOT NULL CHECK (rate_per_s > 0),
    burst BIGINT NOT NULL CHECK (burst > 0)
) -- sqlite: STRICT

-- step: api_key_olds
CREATE TABLE IF NOT EXISTS api_key_olds (
    key_hash TEXT PRIMARY KEY,
    key_id BIGINT NOT NULL REFERENCES api_keys (id),
    until BIGINT NOT NULL
) -- sqlite: STRICT, WITHOUT ROWID

-- step: api_key_olds_key
CREATE INDEX IF NOT EXISTS api_key_olds_key ON api_key_olds (key_id)
