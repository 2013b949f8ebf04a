-- Purchase orders of a supplier and of a location, newest first.
-- step: purchase_orders_supplier
CREATE INDEX IF NOT EXISTS purchase_orders_of_supplier ON purchase_orders (supplier_id, id)

-- step: purchase_orders_location
CREATE INDEX IF NOT EXISTS purchase_orders_of_location ON purchase_orders (location_id, id)
