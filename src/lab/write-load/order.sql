-- A new order with two lines, and another that goes one state further (its trigger writes billing.status_log).
\set account random(1, :accounts)
\set order random(1, 100)
BEGIN;
INSERT INTO billing.orders (account_email, reference)
SELECT email, 'L-' || md5(random()::text || clock_timestamp()) FROM public.accounts WHERE id = :account RETURNING id AS new_order \gset
INSERT INTO billing.line_items VALUES (:new_order, 1, 'SKU-1', 2, 9.99, 1.5), (:new_order, 2, 'SKU-2', 1, 100, NULL);
UPDATE billing.orders SET status = 'sent' WHERE id = :order AND status <> 'sent';
COMMIT;
