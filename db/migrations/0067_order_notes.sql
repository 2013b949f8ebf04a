-- What people write about orders. An empty text was erased with its buyer.

-- step: order_notes
CREATE TABLE IF NOT EXISTS order_notes (
    id BIGINT PRIMARY KEY,
    bucket BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL
) -- sqlite: STRICT

-- step: order_notes_order
CREATE INDEX IF NOT EXISTS order_notes_order ON order_notes (order_id, id)
