-- pg_session.sql - what the PostgreSQL engine asks of the server itself.

-- name: pg_settings
-- only: postgres
SELECT name, setting FROM pg_settings
WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
ORDER BY name
