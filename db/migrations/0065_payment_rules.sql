-- What each channel asked for before anything leaves when fulfillment last
-- looked at its orders. is_due: the rule has changed and its confirmed orders
-- behind after_id are yet to be looked at again, once the list of orders has
-- come as far as the event that told it.

-- step: fulfillment_rules
CREATE TABLE IF NOT EXISTS fulfillment_rules (
    channel_id BIGINT PRIMARY KEY,
    payment_release BIGINT NOT NULL CHECK (payment_release BETWEEN 1 AND 3),
    event_id BIGINT NOT NULL,
    after_id BIGINT NOT NULL,
    is_due BIGINT NOT NULL CHECK (is_due IN (0, 1))
) -- sqlite: STRICT
