-- A new order with two lines, and another that goes one state further (its trigger writes billing.status_log).
\set account random(1, :accounts)
\set order random(1, 100)
BEGIN;
WITH new_order AS (
  INSERT INTO billing.orders (account_email, reference)
  SELECT email, 'L-' || md5(random()::text || clock_timestamp()) FROM public.accounts WHERE id = :account RETURNING id
)
INSERT INTO billing.line_items
SELECT id, position, 'SKU-' || position, 2, 9.99, 1.5 FROM new_order, generate_series(1, 2) AS position;
UPDATE billing.orders SET status = CASE status WHEN 'new' THEN 'paid' WHEN 'paid' THEN 'sent' ELSE 'new' END::public.order_status
WHERE id = :order;
COMMIT;
