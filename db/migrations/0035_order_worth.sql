-- What was taken off an order beside what was cancelled. NULL is "nothing":
-- placing an order writes none of it.

-- step: order_lines_return_requested
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN return_requested INTEGER

-- step: order_lines_return_requested
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS return_requested BIGINT

-- step: order_lines_returned
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN returned INTEGER

-- step: order_lines_returned
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS returned BIGINT

-- step: order_lines_written_off
-- only: sqlite
ALTER TABLE order_lines ADD COLUMN written_off INTEGER

-- step: order_lines_written_off
-- only: postgres
ALTER TABLE order_lines ADD COLUMN IF NOT EXISTS written_off BIGINT

-- step: orders_allowance_now
-- only: sqlite
ALTER TABLE orders ADD COLUMN allowance_now INTEGER

-- step: orders_allowance_now
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS allowance_now BIGINT

-- Of what charges_now lacks, the part that was a fee.
-- step: orders_fees_off
-- only: sqlite
ALTER TABLE orders ADD COLUMN fees_off INTEGER

-- step: orders_fees_off
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS fees_off BIGINT

-- step: orders_fees_tax_off
-- only: sqlite
ALTER TABLE orders ADD COLUMN fees_tax_off INTEGER

-- step: orders_fees_tax_off
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS fees_tax_off BIGINT

-- step: orders_return_flags
-- only: sqlite
ALTER TABLE orders ADD COLUMN return_flags INTEGER

-- step: orders_return_flags
-- only: postgres
ALTER TABLE orders ADD COLUMN IF NOT EXISTS return_flags BIGINT
