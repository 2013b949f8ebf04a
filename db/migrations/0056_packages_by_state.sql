-- Packages of a state, everywhere and at a location.

-- step: packages_state
CREATE INDEX IF NOT EXISTS packages_state ON packages (state, id)

-- step: packages_place
CREATE INDEX IF NOT EXISTS packages_place ON packages (location_id, state, id)
