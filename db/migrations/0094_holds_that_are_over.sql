-- Orders that were over before holds ended with them: their holds' time is up,
-- and the timer ends them and says so.
-- step: order_holds_over
UPDATE order_holds SET until = updated_at WHERE state = 1 AND EXISTS (SELECT 1 FROM orders o WHERE o.bucket = order_holds.bucket AND o.id = order_holds.order_id AND o.status NOT IN (2, 3))
