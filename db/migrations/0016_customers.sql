-- Customers: who they are, how they are known, what they bought. And the
-- words orders are found by.

-- step: customers
CREATE TABLE IF NOT EXISTS customers (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    attrs JSONB NOT NULL,
    tags JSONB NOT NULL,
    merged_into BIGINT REFERENCES customers (id),
    erased_at BIGINT,
    version BIGINT NOT NULL CHECK (version > 0),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (merged_into <> id)
) -- sqlite: STRICT

-- One row says that a customer goes by that e-mail (kind 1), telephone number
-- (2) or id of another system (3, with its source): nobody else does.
-- step: customer_keys
CREATE TABLE IF NOT EXISTS customer_keys (
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 3),
    source TEXT NOT NULL CHECK ((kind = 3) = (length(source) > 0)),
    value TEXT NOT NULL CHECK (length(value) > 0),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    n BIGINT NOT NULL CHECK (n > 0),
    shown TEXT NOT NULL,
    PRIMARY KEY (kind, source, value)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: customer_keys_customer
CREATE INDEX IF NOT EXISTS customer_keys_customer ON customer_keys (customer_id)

-- step: customer_addresses
CREATE TABLE IF NOT EXISTS customer_addresses (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    n BIGINT NOT NULL CHECK (n > 0),
    is_shipping BIGINT NOT NULL CHECK (is_shipping IN (0, 1)),
    is_billing BIGINT NOT NULL CHECK (is_billing IN (0, 1)),
    doc JSONB NOT NULL,
    PRIMARY KEY (customer_id, n)
) -- sqlite: STRICT, WITHOUT ROWID

-- Never changed: the newest row of a purpose and channel is what holds.
-- step: customer_consents
CREATE TABLE IF NOT EXISTS customer_consents (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    channel BIGINT NOT NULL CHECK (channel BETWEEN 1 AND 6),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    source TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    PRIMARY KEY (customer_id, id)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: customer_notes
CREATE TABLE IF NOT EXISTS customer_notes (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    id BIGINT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    PRIMARY KEY (customer_id, id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Keys of one order pointed at both: perhaps one person.
-- step: customer_doubles
CREATE TABLE IF NOT EXISTS customer_doubles (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    other_id BIGINT NOT NULL REFERENCES customers (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, other_id)
) -- sqlite: STRICT, WITHOUT ROWID

-- Whose an order is. Kept by a consumer, as are the values.
-- step: customer_orders
CREATE TABLE IF NOT EXISTS customer_orders (
    order_id BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    is_counted BIGINT NOT NULL CHECK (is_counted IN (0, 1))
) -- sqlite: STRICT

-- step: customer_orders_customer
CREATE INDEX IF NOT EXISTS customer_orders_customer ON customer_orders (customer_id, order_id)

-- step: customer_values
CREATE TABLE IF NOT EXISTS customer_values (
    customer_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    orders BIGINT NOT NULL CHECK (orders >= 0),
    total_minor BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, currency)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: customers_merged
CREATE INDEX IF NOT EXISTS customers_merged ON customers (merged_into) WHERE merged_into IS NOT NULL

-- step: customer_doubles_other
CREATE INDEX IF NOT EXISTS customer_doubles_other ON customer_doubles (other_id)

-- ---- search: words of orders, in chunks that grow like the log ----

-- An order stands where it came in; `words` are what it is found by.
-- step: order_search
CREATE TABLE IF NOT EXISTS order_search (
    chunk BIGINT NOT NULL,
    pos BIGINT NOT NULL CHECK (pos >= 0),
    order_id BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (chunk, pos)
) -- sqlite: STRICT, WITHOUT ROWID

-- step: order_search_order
CREATE UNIQUE INDEX IF NOT EXISTS order_search_order ON order_search (order_id)

-- Of a full chunk: each word once, with the places of its orders. Words are
-- compared by bytes on both engines.
-- step: order_search_words
-- only: sqlite
CREATE TABLE IF NOT EXISTS order_search_words (
    chunk INTEGER NOT NULL,
    word TEXT NOT NULL,
    places TEXT NOT NULL,
    PRIMARY KEY (chunk, word)
) STRICT, WITHOUT ROWID

-- step: order_search_words
-- only: postgres
CREATE TABLE IF NOT EXISTS order_search_words (
    chunk BIGINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    places TEXT NOT NULL,
    PRIMARY KEY (chunk, word)
)
