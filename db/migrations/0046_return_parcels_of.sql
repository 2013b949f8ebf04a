-- Parcels in which goods of a return come, and how far they are: 1 awaited,
-- 2 moving, 3 arrived, 4 lost, 5 voided.

-- step: return_parcels
CREATE TABLE IF NOT EXISTS return_parcels (
    package_id BIGINT PRIMARY KEY,
    return_id BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 5)
) -- sqlite: STRICT

-- step: return_parcels_of
CREATE INDEX IF NOT EXISTS return_parcels_of ON return_parcels (return_id, package_id)
