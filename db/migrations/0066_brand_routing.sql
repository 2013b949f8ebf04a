-- What the channels of a brand go by that rank nothing themselves: a document
-- of locations and scenarios.

-- step: routing_brands
CREATE TABLE IF NOT EXISTS routing_brands (
    brand TEXT PRIMARY KEY CHECK (length(brand) > 0),
    version BIGINT NOT NULL CHECK (version > 0),
    doc JSONB NOT NULL
) -- sqlite: STRICT
