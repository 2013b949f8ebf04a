-- What the store remembers about itself, by name.

-- name: meta_get
SELECT value FROM meta WHERE name = :name::text

-- name: meta_insert
INSERT INTO meta (name, value) VALUES (:name::text, :value::text)
ON CONFLICT (name) DO NOTHING

-- name: meta_save
INSERT INTO meta (name, value) VALUES (:name::text, :value::text)
ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- name: meta_list
SELECT name FROM meta WHERE name >= :least::text AND name < :past::text

-- name: meta_remove
DELETE FROM meta WHERE name = :name::text
