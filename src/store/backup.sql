-- What a backup of PostgreSQL asks for; on links of its own, within one
-- snapshot (COPY itself stands in backup_postgres.c).

-- Transaction ids of another cluster mean nothing: they are stored below zero,
-- in their order, so that what is written after a restore comes behind them.
-- Cursors in the log (columns xid, …_xid) go with them.
-- name: backup_shift
-- only: postgres
SELECT COALESCE(MAX(xid), 0) + 1 FROM events

-- name: backup_columns
-- only: postgres
SELECT c.relname,
    string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
    string_agg(quote_ident(a.attname)
        || CASE WHEN a.attname = 'xid' OR right(a.attname, 4) = '_xid'
            THEN ' - ' || :shift::text ELSE '' END, ', ' ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = current_schema()::regnamespace
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
GROUP BY c.relname
ORDER BY c.relname

-- name: backup_links
-- only: postgres
SELECT DISTINCT c.relname, f.relname
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class f ON f.oid = k.confrelid
WHERE k.contype = 'f' AND k.conrelid <> k.confrelid
    AND c.relnamespace = current_schema()::regnamespace

-- name: backup_tables
-- only: postgres
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm')
LIMIT 1
