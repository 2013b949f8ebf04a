-- The event log against the rows of all rooms (I29).

-- name: verify_event_subjects
SELECT e.id, e.type, e.subject_kind
FROM events e
WHERE e.id > :after::bigint AND e.id <= :upto::bigint
    AND CASE e.subject_kind
    WHEN 'order' THEN
        NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = e.subject_id)
    WHEN 'payment' THEN
        NOT EXISTS (SELECT 1 FROM payment_intents p WHERE p.id = e.subject_id)
    WHEN 'return' THEN
        NOT EXISTS (SELECT 1 FROM returns r WHERE r.id = e.subject_id)
    WHEN 'refund' THEN
        NOT EXISTS (SELECT 1 FROM refunds r WHERE r.id = e.subject_id)
    WHEN 'order_change' THEN
        NOT EXISTS (SELECT 1 FROM order_changes c WHERE c.id = e.subject_id)
    WHEN 'exchange' THEN
        NOT EXISTS (SELECT 1 FROM exchanges x WHERE x.id = e.subject_id)
    WHEN 'order_hold' THEN
        NOT EXISTS (SELECT 1 FROM order_holds h WHERE h.id = e.subject_id)
    WHEN 'draft' THEN
        NOT EXISTS (SELECT 1 FROM drafts d WHERE d.id = e.subject_id)
    WHEN 'blanket' THEN
        NOT EXISTS (SELECT 1 FROM blankets b WHERE b.id = e.subject_id)
    WHEN 'company' THEN
        NOT EXISTS (SELECT 1 FROM companies c WHERE c.id = e.subject_id)
    WHEN 'gift_card' THEN
        NOT EXISTS (SELECT 1 FROM credit_accounts a WHERE a.id = e.subject_id)
    WHEN 'store_credit' THEN
        NOT EXISTS (SELECT 1 FROM credit_accounts a WHERE a.id = e.subject_id)
    WHEN 'sku' THEN
        NOT EXISTS (SELECT 1 FROM skus s WHERE s.id = e.subject_id)
    WHEN 'product' THEN
        NOT EXISTS (SELECT 1 FROM products p WHERE p.id = e.subject_id)
    WHEN 'channel' THEN
        NOT EXISTS (SELECT 1 FROM channels c WHERE c.id = e.subject_id)
    WHEN 'invoice' THEN
        NOT EXISTS (SELECT 1 FROM invoices i WHERE i.id = e.subject_id)
    WHEN 'invoice_series' THEN
        NOT EXISTS (SELECT 1 FROM invoice_series s WHERE s.id = e.subject_id)
    WHEN 'tax_rate' THEN
        NOT EXISTS (SELECT 1 FROM tax_rates t WHERE t.id = e.subject_id)
    WHEN 'fx_rate' THEN
        NOT EXISTS (SELECT 1 FROM fx_rates r WHERE r.id = e.subject_id)
    WHEN 'fx_wait' THEN
        NOT EXISTS (SELECT 1 FROM fx_waits w WHERE w.id = e.subject_id)
    WHEN 'location' THEN
        NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = e.subject_id)
    WHEN 'drop' THEN
        NOT EXISTS (SELECT 1 FROM drops d WHERE d.id = e.subject_id)
    WHEN 'hold' THEN
        NOT EXISTS (SELECT 1 FROM holds h WHERE h.id = e.subject_id)
    WHEN 'receipt' THEN
        NOT EXISTS (SELECT 1 FROM receipts r WHERE r.id = e.subject_id)
    WHEN 'supply' THEN
        NOT EXISTS (SELECT 1 FROM supplies s WHERE s.id = e.subject_id)
    WHEN 'supplier' THEN
        NOT EXISTS (SELECT 1 FROM suppliers s WHERE s.id = e.subject_id)
    WHEN 'purchase_order' THEN
        NOT EXISTS (SELECT 1 FROM purchase_orders p WHERE p.id = e.subject_id)
    WHEN 'transfer' THEN
        NOT EXISTS (SELECT 1 FROM transfers t WHERE t.id = e.subject_id)
    WHEN 'fulfillment_order' THEN
        NOT EXISTS (SELECT 1 FROM fulfillment_orders f
            WHERE f.id = e.subject_id)
    WHEN 'count' THEN
        NOT EXISTS (SELECT 1 FROM counts c WHERE c.id = e.subject_id)
    WHEN 'lot' THEN
        NOT EXISTS (SELECT 1 FROM lots l WHERE l.id = e.subject_id)
    WHEN 'key' THEN
        NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.id = e.subject_id)
    WHEN 'credit_note' THEN
        NOT EXISTS (SELECT 1 FROM credit_notes n WHERE n.id = e.subject_id)
    WHEN 'customer' THEN
        NOT EXISTS (SELECT 1 FROM customers c WHERE c.id = e.subject_id)
    WHEN 'user' THEN
        NOT EXISTS (SELECT 1 FROM users u WHERE u.id = e.subject_id)
    WHEN 'webhook' THEN
        NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.id = e.subject_id)
    WHEN 'tenant' THEN
        NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = e.subject_id)
    WHEN 'task' THEN
        NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = e.subject_id)
    WHEN 'pick_task' THEN
        NOT EXISTS (SELECT 1 FROM pick_tasks t WHERE t.id = e.subject_id)
    WHEN 'production' THEN
        NOT EXISTS (SELECT 1 FROM productions p
            WHERE p.order_id = e.subject_id)
    WHEN 'pickup' THEN
        NOT EXISTS (SELECT 1 FROM pickups p WHERE p.id = e.subject_id)
    WHEN 'box' THEN
        NOT EXISTS (SELECT 1 FROM boxes b WHERE b.id = e.subject_id)
    WHEN 'gateway_account' THEN
        NOT EXISTS (SELECT 1 FROM gateway_accounts a WHERE a.id = e.subject_id)
    WHEN 'carrier_account' THEN
        NOT EXISTS (SELECT 1 FROM carrier_accounts a WHERE a.id = e.subject_id)
    WHEN 'manifest' THEN
        NOT EXISTS (SELECT 1 FROM manifests m WHERE m.id = e.subject_id)
    WHEN 'carrier_pickup' THEN
        NOT EXISTS (SELECT 1 FROM carrier_pickups p WHERE p.id = e.subject_id)
    WHEN 'label_job' THEN
        NOT EXISTS (SELECT 1 FROM label_jobs j WHERE j.id = e.subject_id)
    WHEN 'order_job' THEN
        NOT EXISTS (SELECT 1 FROM order_jobs j WHERE j.id = e.subject_id)
    WHEN 'package' THEN
        NOT EXISTS (SELECT 1 FROM packages p WHERE p.id = e.subject_id)
    WHEN 'role' THEN e.subject_id <> 0
    WHEN 'view' THEN e.subject_id <> 0
    WHEN 'system' THEN e.subject_id <> 1
    ELSE TRUE END

-- A version rises with each change and each change has its event: rows that
-- have fewer events than versions were changed behind the log's back. Stock
-- events are about SKUs too, so events are counted by type.
-- name: verify_row_events
SELECT kind, id, version, events
FROM (
    SELECT 'whk' AS kind, w.id, w.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = w.id
            AND e.type LIKE 'webhook.%') AS events
    FROM webhooks w
    UNION ALL
    SELECT 'sku', s.id, s.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = s.id
            AND e.type LIKE 'sku.%')
    FROM skus s
    UNION ALL
    SELECT 'prd', p.id, p.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = p.id
            AND e.type LIKE 'product.%')
    FROM products p
    UNION ALL
    SELECT 'chn', c.id, c.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = c.id
            AND e.type LIKE 'channel.%')
    FROM channels c
    UNION ALL
    SELECT 'inv', i.id, i.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = i.id
            AND e.type LIKE 'invoice.%')
    FROM invoices i
    UNION ALL
    SELECT 'ser', s.id, s.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = s.id
            AND e.type LIKE 'invoice_series.%')
    FROM invoice_series s
    UNION ALL
    SELECT 'txr', t.id, t.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = t.id
            AND e.type LIKE 'tax_rate.%')
    FROM tax_rates t
    UNION ALL
    SELECT 'loc', l.id, l.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = l.id
            AND e.type LIKE 'location.%')
    FROM locations l
    UNION ALL
    SELECT 'cnt', c.id, c.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = c.id
            AND e.type LIKE 'count.%' AND e.type <> 'count.entered')
    FROM counts c
    UNION ALL
    SELECT 'trf', t.id, t.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = t.id
            AND e.type LIKE 'transfer.%')
    FROM transfers t
    UNION ALL
    SELECT 'spl', s.id, s.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = s.id
            AND e.type LIKE 'supplier.%')
    FROM suppliers s
    UNION ALL
    SELECT 'po', p.id, p.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = p.id
            AND e.type LIKE 'purchase_order.%')
    FROM purchase_orders p
    UNION ALL
    SELECT 'pkt', t.id, t.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = t.id
            AND e.type LIKE 'pick_task.%')
    FROM pick_tasks t
    UNION ALL
    SELECT 'pup', p.id, p.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = p.id
            AND e.type LIKE 'pickup.%')
    FROM pickups p
    UNION ALL
    SELECT 'cus', c.id, c.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = c.id
            AND e.type LIKE 'customer.%')
    FROM customers c
    UNION ALL
    SELECT 'key', k.id, k.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = k.id
            AND e.type LIKE 'key.%')
    FROM api_keys k
    UNION ALL
    SELECT 'usr', u.id, u.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = u.id
            AND e.type LIKE 'user.%')
    FROM users u
    UNION ALL
    SELECT 'ten', t.id, t.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = t.id
            AND e.type LIKE 'tenant.%')
    FROM tenants t
    UNION ALL
    SELECT 'box', b.id, b.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = b.id
            AND e.type LIKE 'box.%')
    FROM boxes b
    UNION ALL
    SELECT 'car', a.id, a.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = a.id
            AND e.type LIKE 'carrier_account.%')
    FROM carrier_accounts a
    UNION ALL
    SELECT 'gwa', a.id, a.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = a.id
            AND e.type IN ('gateway_account.created',
                'gateway_account.changed'))
    FROM gateway_accounts a
    UNION ALL
    SELECT 'mfs', m.id, m.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = m.id
            AND e.type LIKE 'manifest.%')
    FROM manifests m
    UNION ALL
    SELECT 'cpu', p.id, p.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = p.id
            AND e.type LIKE 'carrier_pickup.%')
    FROM carrier_pickups p
    UNION ALL
    SELECT 'lbj', j.id, j.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = j.id
            AND e.type LIKE 'label_job.%')
    FROM label_jobs j
    UNION ALL
    SELECT 'ojb', j.id, j.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = j.id
            AND e.type LIKE 'order_job.%')
    FROM order_jobs j
    UNION ALL
    SELECT 'pay', i.id, i.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = i.id
            AND e.type LIKE 'payment.%')
    FROM payment_intents i
    UNION ALL
    SELECT 'ret', r.id, r.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = r.id
            AND e.type LIKE 'return.%')
    FROM returns r
    UNION ALL
    SELECT 'rfd', r.id, r.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = r.id
            AND e.type LIKE 'refund.%')
    FROM refunds r
    UNION ALL
    SELECT 'chg', c.id, c.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = c.id
            AND e.type LIKE 'order_change.%')
    FROM order_changes c
    UNION ALL
    SELECT 'exc', x.id, x.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = x.id
            AND e.type LIKE 'exchange.%')
    FROM exchanges x
    UNION ALL
    SELECT 'ohd', h.id, h.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = h.id
            AND e.type LIKE 'order_hold.%')
    FROM order_holds h
    UNION ALL
    SELECT 'drf', d.id, d.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = d.id
            AND e.type LIKE 'draft.%')
    FROM drafts d
    UNION ALL
    SELECT 'blk', b.id, b.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = b.id
            AND e.type LIKE 'blanket.%')
    FROM blankets b
    UNION ALL
    SELECT 'cmp', c.id, c.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = c.id
            AND e.type LIKE 'company.%')
    FROM companies c
    UNION ALL
    SELECT 'gft', a.id, a.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = a.id
            AND e.subject_kind IN ('gift_card', 'store_credit'))
    FROM credit_accounts a
    UNION ALL
    SELECT 'pkg', p.id, p.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = p.id
            AND e.type LIKE 'package.%')
    FROM packages p) AS changed
WHERE events < version

-- name: verify_order_events
SELECT kind, id, version, events
FROM (
    SELECT 'ord' AS kind, o.id, o.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = o.id
            AND e.type LIKE 'order.%' AND e.type NOT IN ('order.confirmed',
                'order.doubtful',
                'order.promise_changed', 'order.promise_missed')) AS events
    FROM orders o
    WHERE o.id > :after::bigint AND o.id <= :upto::bigint
    UNION ALL
    SELECT 'fo', f.id, f.version,
        (SELECT COUNT(*) FROM events e WHERE e.subject_id = f.id
            AND e.type LIKE 'fulfillment_order.%')
    FROM fulfillment_orders f
    WHERE f.order_id > :after::bigint AND f.order_id <= :upto::bigint)
    AS changed
WHERE events < version

-- Where a part ends, its rows, and where the table ends.
-- name: verify_part_events
SELECT COALESCE(MAX(id), 0)::bigint, COUNT(id),
    (SELECT COALESCE(MAX(id), 0)::bigint FROM events)
FROM (SELECT id FROM events WHERE id > :after::bigint AND id <= :end::bigint
    ORDER BY id LIMIT :limit::bigint) AS part

-- name: verify_part_orders
SELECT COALESCE(MAX(id), 0)::bigint, COUNT(id),
    (SELECT COALESCE(MAX(id), 0)::bigint FROM orders)
FROM (SELECT id FROM orders WHERE id > :after::bigint AND id <= :end::bigint
    ORDER BY id LIMIT :limit::bigint) AS part

-- The log's own shape: ids carry the bucket of their subject, actors are those
-- of base/base.h.
-- name: verify_event_shape
SELECT id, type FROM events
WHERE id > :after::bigint AND id <= :upto::bigint
    AND (actor_kind NOT BETWEEN 1 AND 4 OR (id & 255) <> (subject_id & 255))

-- name: verify_cursors
SELECT c.consumer
FROM event_cursors c
WHERE c.id > COALESCE((SELECT MAX(id) FROM events), 0)
