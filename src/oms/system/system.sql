-- The switch for outbound work against its events.

-- name: verify_outbound
SELECT o.version,
    (SELECT COUNT(*) FROM events e WHERE e.subject_id = 1
        AND e.type LIKE 'outbound.%') AS events,
    COALESCE((SELECT e.type FROM events e WHERE e.subject_id = 1
        AND e.type LIKE 'outbound.%' ORDER BY e.id DESC LIMIT 1),
        'outbound.resumed') AS last_type,
    o.is_paused
FROM outbound o WHERE o.id = 1
