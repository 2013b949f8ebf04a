-- Suppliers and what is ordered from them. What is on its way of a purchase
-- order stands in `supplies`, one row a line, from the day the order was sent.

-- step: suppliers
CREATE TABLE IF NOT EXISTS suppliers (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (length(code) > 0),
    name TEXT NOT NULL CHECK (length(name) > 0),
    email TEXT,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    lead_days BIGINT NOT NULL CHECK (lead_days >= 0),
    over_percent BIGINT NOT NULL CHECK (over_percent BETWEEN 0 AND 100),
    address JSONB NOT NULL,
    is_active BIGINT NOT NULL CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: purchase_orders
CREATE TABLE IF NOT EXISTS purchase_orders (
    id BIGINT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    supplier_id BIGINT NOT NULL REFERENCES suppliers (id),
    location_id BIGINT NOT NULL REFERENCES locations (id),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    total BIGINT NOT NULL CHECK (total >= 0),
    note TEXT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 1 AND 7),
    sent_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) -- sqlite: STRICT

-- step: purchase_orders_status
CREATE INDEX IF NOT EXISTS purchase_orders_status ON purchase_orders (status, id)

-- step: purchase_lines
CREATE TABLE IF NOT EXISTS purchase_lines (
    order_id BIGINT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    sku_id BIGINT NOT NULL,
    qty BIGINT NOT NULL CHECK (qty > 0),
    unit_cost BIGINT NOT NULL CHECK (unit_cost >= 0),
    supplier_sku TEXT,
    expected_at BIGINT,
    received BIGINT NOT NULL CHECK (received >= 0),
    supply_id BIGINT NOT NULL,
    PRIMARY KEY (order_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: purchase_lines_sku
CREATE INDEX IF NOT EXISTS purchase_lines_sku ON purchase_lines (sku_id, order_id)

-- Its one row holds the last number; who makes an order locks it.
-- step: purchase_numbers
CREATE TABLE IF NOT EXISTS purchase_numbers (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL CHECK (last >= 0)
) -- sqlite: STRICT
